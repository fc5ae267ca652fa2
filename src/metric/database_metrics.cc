#include "metric/database_metrics.h"

#include <fmt/format.h>

#include <array>

#include "base/log.h"
#include "history/control.h"
#include "history/lease.h"
#include "history/standing.h"
#include "metric/exposition.h"

namespace martlet {
namespace {

constexpr std::array<MetricFamily, 11> kFamilies{{
    {"martlet_up", "gauge", "1 where the database answered and its history could be read."},
    {"martlet_migrations_applied", "gauge", "Migrations whose effects are in the database."},
    {"martlet_migrations_pending", "gauge", "Migrations that `up` would run."},
    {"martlet_migrations_unfinished", "gauge", "Steps that a run has begun and not finished."},
    {"martlet_last_applied_timestamp_seconds", "gauge", "When a migration was applied last."},
    {"martlet_last_applied_duration_seconds", "gauge", "How long that took."},
    {"martlet_audit_events_total", "counter",
     "Events in the audit trail, by kind: applied, reverted, failed, forced, …"},
    {"martlet_run_active", "gauge", "1 where a run is at work."},
    {"martlet_run_state", "gauge", "1 for what it does: running, waiting, throttled, paused."},
    {"martlet_run_rows", "gauge", "Rows that its statement has changed so far."},
    {"martlet_run_rows_expected", "gauge", "About how many it will be in all."},
}};

// "2026-03-01T09:30:00.125Z" → seconds since 1970
double seconds_of(const std::string& time) {
  std::tm at{};
  if (time.size() < 19 || !strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &at)) return 0;
  return static_cast<double>(timegm(&at));
}

class Reading {
 public:
  Reading(const MetricTarget& target, Exposition& into)
      : target_(target),
        into_(into),
        names_(HistoryNames::make(target.history, target.url.dialect())),
        here_{{"environment", target.environment}, {"database", target.url.database()}},
        connection_(open_connection(target.url, {.application_name = target.application_name})) {}

  void read() {
    const Ledger ledger = Ledger::read(*connection_, names_, Ledger::Detail::standing);
    standings(ledger);
    if (ledger.exists()) {
      events();
      run();
    }
    set("martlet_up", 1);
  }

 private:
  void set(std::string_view family, double value) { into_.set(family, here_, value); }

  void standings(const Ledger& ledger) {
    const Folder folder = read_folder(target_.folder);
    double applied = 0, pending = 0;
    for (const StandingEntry& entry : compare(folder, ledger)) {
      applied += entry.row && entry.row->counts_as_applied() ? 1 : 0;
      pending += entry.to_run() ? 1 : 0;
    }
    set("martlet_migrations_applied", applied);
    set("martlet_migrations_pending", pending);
    set("martlet_migrations_unfinished", static_cast<double>(ledger.unfinished()));
    const LedgerRow* last = nullptr;
    for (const LedgerRow& row : ledger.rows()) {
      if (row.state == LedgerState::applied && (!last || last->applied_at < row.applied_at)) last = &row;
    }
    if (!last) return;
    set("martlet_last_applied_timestamp_seconds", seconds_of(last->applied_at));
    set("martlet_last_applied_duration_seconds", static_cast<double>(last->duration_ms) / 1000);
  }

  void events() {
    const Result counted =
        connection_->execute(fmt::format("SELECT event, count(*) FROM {} GROUP BY event", names_.audit));
    for (const Row& row : counted.rows) {
      MetricLabels labels = here_;
      labels.emplace_back("event", row.at(0).value_or(""));
      into_.set("martlet_audit_events_total", labels, std::stod(row.at(1).value_or("0")));
    }
  }

  void run() {
    const auto holder = read_lease(*connection_, names_);
    set("martlet_run_active", holder ? 1 : 0);
    const auto row = read_control(*connection_, names_);
    if (!holder || !row || !holder->application.ends_with("/" + row->run_id)) return;
    MetricLabels labels = here_;
    labels.emplace_back("state", row->state);
    into_.set("martlet_run_state", labels, 1);
    if (row->progress.units_done == 0 && row->progress.units_total == 0) return;
    set("martlet_run_rows", static_cast<double>(row->progress.units_done));
    set("martlet_run_rows_expected", static_cast<double>(row->progress.units_total));
  }

  const MetricTarget& target_;
  Exposition& into_;
  const HistoryNames names_;
  const MetricLabels here_;
  const std::unique_ptr<Connection> connection_;
};

}  // namespace

std::string database_metrics(const MetricTarget& target) {
  Exposition figures(kFamilies);
  try {
    Reading(target, figures).read();
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    log::error(error);
    figures.set("martlet_up", {{"environment", target.environment}, {"database", target.url.database()}}, 0);
  }
  return figures.text();
}

}  // namespace martlet
