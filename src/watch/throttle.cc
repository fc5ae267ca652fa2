#include "watch/throttle.h"

#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"

namespace martlet {
namespace {

constexpr std::chrono::seconds kBetweenLooks{1};

bool is_off(std::string_view limit) {
  return limit.empty() || limit == "off";
}

std::string key_of(const Probe& probe) {
  return fmt::format("throttle.{}", probe.id);
}

const Probe& known_probe(const std::string& id) {
  if (const Probe* probe = find_probe(id)) return *probe;
  std::vector<std::string> known;
  for (const Probe* probe : Registry<Probe>::all()) known.emplace_back(probe->id);
  const auto meant = nearest(id, known);
  throw Error(ErrorKind::usage, fmt::format("the throttle has no \"{}\"", id))
      .next(meant ? fmt::format("did you mean {}?", *meant) : "it has: " + join(known, ", "));
}

}  // namespace

std::map<std::string, std::string> parse_limits(const std::string& text) {
  std::map<std::string, std::string> limits;
  for (const std::string& word : split_list(text, ' ')) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      throw Error(ErrorKind::usage, fmt::format("\"{}\" sets no limit", word)).next("write replica_lag=5s, or =off");
    }
    const std::string limit = word.substr(equals + 1);
    const Probe& probe = known_probe(word.substr(0, equals));
    if (!is_off(limit) && probe.needs_limit) parse_limit(probe.unit, limit, probe.id);
    limits[std::string(probe.id)] = limit;
  }
  return limits;
}

Throttle::Throttle(ThrottleSettings settings, Observer& observer, std::function<void(const Event&)> say)
    : settings_(std::move(settings)), observer_(observer), say_(std::move(say)) {
  watch(settings_.limits);
}

void Throttle::watch(const std::map<std::string, std::string>& limits) {
  std::vector<Watched> now;
  for (const Probe* probe : Registry<Probe>::all()) {
    const auto found = limits.find(std::string(probe->id));
    const std::string text = found == limits.end() ? "" : found->second;
    if (probe->needs_limit && is_off(text)) continue;
    if (!probe->needs_limit && (settings_.probes.hook.empty() || text == "off")) continue;
    now.push_back({probe, probe->start(settings_.probes), text});
    if (probe->needs_limit) now.back().limit = parse_limit(probe->unit, text, key_of(*probe));
  }
  watched_ = std::move(now);
}

std::string Throttle::reason(const std::string& wished) {
  if (wished != wished_) {
    std::map<std::string, std::string> limits = parse_limits(wished);
    limits.insert(settings_.limits.begin(), settings_.limits.end());
    watch(limits);
    wished_ = wished;
    next_look_ = {};
  }
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_ || watched_.empty()) return watched_.empty() ? "" : reason_;
  next_look_ = now + kBetweenLooks;
  std::vector<std::string> reasons;
  const bool looked = observer_.look([&](Connection& server) {
    if (server.dialect() != Dialect::postgres) return;
    for (const Watched& each : watched_) {
      const std::string why = judge(each, each.run->read(server));
      if (!why.empty()) reasons.push_back(why);
    }
  });
  if (!looked) say_once("the throttle could not look at the server");
  return reason_ = join(reasons, "; ");
}

std::string Throttle::judge(const Watched& watched, const ProbeReading& reading) {
  if (!reading.warning.empty()) say_once(reading.warning);
  if (!reading.wait_because.empty()) return reading.wait_because;
  if (!watched.probe->needs_limit) return {};
  if (!reading.value) {
    if (!reading.about.empty()) say_once(fmt::format("{} is not known: {}", watched.probe->id, reading.about));
    return {};
  }
  if (*reading.value <= watched.limit) return {};
  return fmt::format("{} is {}, over {} ({})", watched.probe->id, show_value(watched.probe->unit, *reading.value),
                     watched.limit_text, reading.about);
}

void Throttle::say_once(const std::string& text) {
  if (said_.insert(text).second) say_({.kind = EventKind::warning, .text = text});
}

}  // namespace martlet
