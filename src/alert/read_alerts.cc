#include <fmt/format.h>

#include <algorithm>

#include "alert/alerts.h"
#include "base/text.h"

namespace martlet {
namespace {

bool has_sink(const AlertSettings& settings, const std::string& name) {
  return std::any_of(settings.sinks.begin(), settings.sinks.end(),
                     [&](const NamedSink& sink) { return sink.name == name; });
}

std::vector<std::string> names_of(const std::vector<ConfigRecord>& records) {
  std::vector<std::string> names;
  for (const ConfigRecord& record : records) names.push_back(record.text("name"));
  return names;
}

// A secret that is not set here is a reason to warn, not to refuse a run.
std::string problem_of(const ConfigRecord& record) {
  for (const auto& [key, field] : record.fields) {
    if (!field.problem.empty()) return fmt::format("sink {} gets no alerts: {}", record.text("name"), field.problem);
  }
  return {};
}

void read_sinks(const std::vector<ConfigRecord>& records, AlertSettings& settings) {
  for (const ConfigRecord& record : records) {
    const std::string problem = problem_of(record);
    if (!problem.empty()) {
      settings.problems.push_back(problem);
      continue;
    }
    if (has_sink(settings, record.text("name"))) {
      throw record.wrong("name", fmt::format("there are two sinks \"{}\"", record.text("name"))).next("rename one");
    }
    settings.sinks.push_back({record.text("name"), record.text("kind"), make_sink(record), record.duration("timeout")});
  }
}

std::vector<const AlertTrigger*> triggers_of(const ConfigRecord& rule) {
  std::vector<const AlertTrigger*> triggers;
  for (const std::string& id : split_list(rule.text("on"))) {
    try {
      triggers.push_back(&find_trigger(id));
    } catch (Error& error) {
      throw error.at(rule.place_of("on"));
    }
  }
  if (!triggers.empty()) return triggers;
  for (const AlertTrigger* each : Registry<AlertTrigger>::all()) {
    if (each->by_default) triggers.push_back(each);
  }
  return triggers;
}

void check_over(const ConfigRecord& rule, const std::vector<const AlertTrigger*>& triggers) {
  const bool waits = std::any_of(triggers.begin(), triggers.end(), [](const AlertTrigger* each) { return each->ends; });
  if (!rule.is_set("over") || waits) return;
  throw rule.wrong("over", "\"over\" is for what takes time, and nothing of this alert does").next("take it out");
}

// Those of the sinks that can be used.
std::vector<std::string> sinks_of(const ConfigRecord& rule, const std::vector<std::string>& known,
                                  const AlertSettings& settings) {
  std::vector<std::string> wanted = split_list(rule.text("to"));
  for (const std::string& name : wanted) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto meant = nearest(name, known);
    throw rule.wrong("to", fmt::format("there is no sink \"{}\"", name))
        .next(meant           ? fmt::format("did you mean {}?", *meant)
              : known.empty() ? "add a [[sink]] of that name"
                              : "there are: " + join(known, ", "));
  }
  if (wanted.empty()) wanted = known;
  std::erase_if(wanted, [&](const std::string& name) { return !has_sink(settings, name); });
  return wanted;
}

}  // namespace

AlertSettings read_alerts(const Config& config) {
  AlertSettings settings;
  settings.wait = config.duration("alerts.wait");
  const std::vector<ConfigRecord> sinks = config.records("sink");
  std::vector<ConfigRecord> rules = config.records("alert");
  read_sinks(sinks, settings);
  if (rules.empty() && !sinks.empty()) rules.emplace_back();
  for (const ConfigRecord& rule : rules) {
    const std::vector<std::string> to = sinks_of(rule, names_of(sinks), settings);
    const std::vector<const AlertTrigger*> triggers = triggers_of(rule);
    check_over(rule, triggers);
    for (const AlertTrigger* trigger : triggers) {
      const Milliseconds over = trigger->ends && rule.is_set("over") ? rule.duration("over") : trigger->over;
      if (!to.empty()) settings.rules.push_back({trigger, over, to});
    }
  }
  return settings;
}

}  // namespace martlet
