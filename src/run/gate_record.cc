#include "run/gate_record.h"

#include <fmt/format.h>

#include <algorithm>

#include "history/audit.h"
#include "history/values.h"
#include "run/gate_refusal.h"
#include "run/rollback.h"

namespace martlet {
namespace {

std::vector<Gate> still_watching(const RunSettings& settings, Milliseconds age) {
  std::vector<Gate> gates;
  for (const Gate& gate : settings.safeguards->gates) {
    if (gate.watch_after > age) gates.push_back(gate);
  }
  return gates;
}

// The last migration that was applied and not taken back, and how long ago by the server's clock.
struct LastApplied {
  const LedgerRow* row = nullptr;
  Milliseconds age{0};
};

LastApplied last_applied(Course& course) {
  LastApplied last;
  for (const LedgerRow& row : course.ledger().rows()) {
    if (row.state == LedgerState::applied) last.row = &row;
  }
  if (!last.row) return last;
  const HistoryNames& names = course.session().names;
  const std::string ms = names.dialect == Dialect::postgres
                             ? "floor(extract(epoch FROM clock_timestamp() - applied_at) * 1000)::bigint"
                             : "CAST((julianday('now') - julianday(applied_at)) * 86400000 AS INTEGER)";
  const Result found = course.session().connection().execute(
      fmt::format("SELECT {} FROM {} WHERE id = $1", ms, names.ledger), {last.row->id});
  last.age = Milliseconds(number_of(found.rows.at(0).at(0)));
  return last;
}

std::string event_of(GateState state) {
  return state == GateState::pass ? "gate-passed" : state == GateState::fail ? "gate-failed" : "gate-inconclusive";
}

void record_verdict(Course& course, GateState state, const std::string& line) {
  Session& session = course.session();
  session.commit({session.audit().append({.event = event_of(state),
                                          .version_before = course.maker().current(),
                                          .version_after = course.maker().current(),
                                          .detail = line},
                                         course.settings().who)});
}

}  // namespace

bool has_baseline(const Gate& gate) {
  return gate.kind == "builtin" && (gate.check == "query_regression" || gate.check == "index_used");
}

std::vector<std::pair<std::string, QueryProfile>> record_baselines(const RunSettings& settings,
                                                                   const GateTarget& target,
                                                                   const std::vector<Gate>& gates) {
  GateWorld world(target);
  std::vector<std::pair<std::string, QueryProfile>> profiles;
  for (const Gate& gate : gates) profiles.emplace_back(gate.name, profile_query(world, gate));
  Course course(settings);
  course.take_lease();
  std::vector<Request> requests;
  for (std::size_t i = 0; i < gates.size(); ++i) {
    requests.push_back(course.session().audit().append({.event = "baseline",
                                                        .version_before = course.maker().current(),
                                                        .version_after = course.maker().current(),
                                                        .detail = baseline_detail(gates[i], profiles[i].second)},
                                                       settings.who));
  }
  if (!requests.empty()) course.session().commit(std::move(requests));
  return profiles;
}

WatchedRun watch_last_run(const RunSettings& settings) {
  WatchedRun watched;
  if (!settings.safeguards) return watched;
  RunSettings whole = settings;
  whole.ledger_detail = Ledger::Detail::everything;  // which backup was taken before
  Course course(whole);
  const LastApplied last = last_applied(course);
  if (!last.row) return watched;
  watched.run_id = last.row->run_id;
  watched.version = course.maker().current();
  watched.ended_at = last.row->applied_at;
  const std::vector<Gate> gates = still_watching(settings, last.age);
  if (gates.empty()) return watched;
  course.take_lease();
  GateWorld world(
      {.health = settings.safeguards->health, .run_id = watched.run_id, .application = settings.who.application});
  for (const Gate& gate : gates) {
    const GateVerdict verdict = GateTrial(gate).hold(world);
    watched.verdicts.emplace_back(gate.name, verdict);
    const std::string line = verdict_line(gate, GateMoment::after, verdict);
    record_verdict(course, verdict.state, line);
    if (verdict.state == GateState::pass) continue;
    settings.emit({.kind = EventKind::gate_failed, .id = gate.name, .text = line});
    if (!watched.refused.empty()) continue;
    GateRefusal refusal(gate, GateMoment::after, verdict, gate.action_on(verdict.state));
    watched.refused = refusal.message;
    if (refusal.action != GateAction::rollback) continue;
    roll_back(course, *settings.safeguards, watched.run_id, refusal);
    watched.left = refusal.state;
  }
  return watched;
}

}  // namespace martlet
