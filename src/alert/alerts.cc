#include "alert/alerts.h"

#include <fmt/format.h>
#include <signal.h>

#include "base/cancel.h"
#include "base/secret.h"

namespace martlet {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

constexpr std::size_t kLongestText = 8000;
constexpr std::chrono::milliseconds kSilentWait{1000};
constexpr std::chrono::milliseconds kGlance{100};

}  // namespace

Alerts::Alerts(AlertSettings settings, AlertOrigin origin, Warn warn)
    : settings_(std::move(settings)),
      origin_(std::move(origin)),
      warn_(std::move(warn)),
      rules_(settings_.rules),
      begun_(system_clock::now()) {
  for (const NamedSink& sink : settings_.sinks) {
    deliveries_[sink.name] = std::make_unique<Delivery>(sink.name, sink.sink, DeliveryTerms{.attempt = sink.timeout});
  }
  for (const std::string& problem : settings_.problems) warn_(problem);
}

Alerts::~Alerts() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  if (clock_.joinable()) clock_.join();
}

void Alerts::note(const Event& event) {
  {
    const std::lock_guard lock(mutex_);
    // What begins is part of what is told about it; what ends as well.
    const bool begins = event.kind == EventKind::run_started || event.kind == EventKind::migration_started;
    if (begins) follow(event);
    tell(rules_.note(event, steady_clock::now()));
    if (!begins) follow(event);
    if (rules_.due() && !clock_.joinable()) {
      sigset_t all, before;  // Ctrl-C is for the thread that works
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, &before);
      clock_ = std::thread([this] { keep_time(); });
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
  }
  changed_.notify_all();
  warn_of_failures();
}

// What alerts say beside their event: where the run is.
void Alerts::follow(const Event& event) {
  switch (event.kind) {
    case EventKind::run_started:
      version_ = event.text;
      begun_ = system_clock::now();
      break;
    case EventKind::migration_started:
      migration_ = event.migration;
      parts_.push_back({fmt::format("{} {}", event.migration, event.text), system_clock::now(), {}});
      break;
    case EventKind::statement_started:
      place_ = event.place.text();
      break;
    case EventKind::migration_finished:
    case EventKind::migration_failed:
      if (!parts_.empty()) parts_.back().ended = system_clock::now();
      migration_.clear();
      place_.clear();
      break;
    default:
      break;
  }
}

void Alerts::tell(const std::vector<AlertRules::Fired>& fired) {
  for (const AlertRules::Fired& each : fired) {
    const Alert alert = alert_of(each);
    for (const std::string& sink : each.rule->sinks) deliveries_.at(sink)->put(alert);
  }
}

Alert Alerts::alert_of(const AlertRules::Fired& fired) const {
  const AlertTrigger& trigger = *fired.rule->trigger;
  Alert alert{.trigger = std::string(trigger.id), .level = trigger.level, .what = std::string(trigger.what)};
  const bool says_version = fired.event.kind == EventKind::run_started || fired.event.kind == EventKind::run_finished;
  const bool says_name = fired.event.kind == EventKind::migration_started;
  alert.text = mask_passwords(fired.event.text).substr(0, kLongestText);
  if (says_version) alert.text = alert.text.empty() ? "" : fmt::format("the database is at {}", alert.text);
  if (says_name) alert.text = "its name: " + alert.text;
  alert.migration = migration_;
  alert.place = fired.event.place.known() ? fired.event.place.text() : place_;
  alert.version = version_;
  alert.begun = begun_;
  alert.at = system_clock::now();
  alert.parts = parts_;
  for (Alert::Part& part : alert.parts) {
    if (part.ended == Alert::Time()) part.ended = alert.at;
  }
  alert.origin = origin_;
  return alert;
}

void Alerts::keep_time() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    const auto due = rules_.due();
    if (due) {
      changed_.wait_until(lock, *due);
    } else {
      changed_.wait(lock);
    }
    if (!stopped_) tell(rules_.look(steady_clock::now()));
  }
}

void Alerts::warn_of_failures() {
  for (const auto& [name, delivery] : deliveries_) {
    for (const std::string& failure : delivery->take_failures()) warn_(failure);
  }
}

// Who presses Ctrl-C now does not want to wait.
bool Alerts::is_delivered(Delivery& delivery, steady_clock::time_point until) {
  while (!delivery.wait_until(std::min(until, steady_clock::now() + kGlance))) {
    if (cancel::requested() || steady_clock::now() >= until) return false;
  }
  return true;
}

void Alerts::finish(const std::function<void(const std::string&)>& waiting) {
  const auto begin = steady_clock::now();
  for (const auto& [name, delivery] : deliveries_) {
    if (is_delivered(*delivery, begin + std::min<steady_clock::duration>(kSilentWait, settings_.wait))) continue;
    waiting(fmt::format("waiting for alerts to be delivered to {}, {} at most", name, show_duration(settings_.wait)));
    if (is_delivered(*delivery, begin + settings_.wait)) continue;
    const std::string trouble = delivery->trouble();
    const auto waited = std::chrono::duration_cast<Milliseconds>(steady_clock::now() - begin);
    warn_(fmt::format("sink {}: alerts were not delivered within {}: {}", name, show_duration(waited),
                      trouble.empty() ? "it does not answer" : trouble));
  }
  warn_of_failures();
}

}  // namespace martlet
