#include "cli/preflight/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/registry.h"
#include "base/text.h"
#include "cli/run_settings.h"
#include "cli/safeguards.h"
#include "gate/integrity.h"

namespace martlet {

std::string_view preflight_word(PreflightState state) {
  constexpr std::array<std::string_view, 3> kWords{"pass", "fail", "unknown"};
  return kWords[static_cast<std::size_t>(state)];
}

PreflightFacts::PreflightFacts(Context& asked) : context(asked) {}
PreflightFacts::~PreflightFacts() = default;

const RunSettings& PreflightFacts::settings() {
  if (!settings_) {
    settings_ = up_settings(context);
    settings_->create_database = false;
    settings_->ledger_detail = Ledger::Detail::everything;
  }
  return *settings_;
}

Course& PreflightFacts::course() {
  if (!course_) course_ = std::make_unique<Course>(settings());
  return *course_;
}

const std::vector<const StandingEntry*>& PreflightFacts::pending() {
  if (!pending_) pending_ = pending_until(course().entries(), goal_up(context.arguments));
  return *pending_;
}

const Validation& PreflightFacts::validation() {
  if (!validation_) validation_ = validate(context);
  return *validation_;
}

const PendingPlan* PreflightFacts::plan() {
  if (!can_plan(settings())) return nullptr;
  if (!plan_) plan_ = plan_pending(course().session(), pending(), WithDigest::yes);
  return &*plan_;
}

const std::vector<Evidence>* PreflightFacts::evidence() {
  const Safeguards* safeguards = settings().safeguards.get();
  if (!safeguards || !safeguards->promotion) return nullptr;
  if (!evidence_) evidence_ = read_evidence(*safeguards->promotion, pending());
  return &*evidence_;
}

const std::vector<AuditEvent>& PreflightFacts::audit() {
  if (!audit_) {
    audit_.emplace();
    if (course().ledger().exists()) audit_ = Audit::read(course().session().connection(), course().session().names);
  }
  return *audit_;
}

std::vector<const LedgerRow*> PreflightFacts::last_run() {
  const LedgerRow* last = nullptr;
  for (const LedgerRow& row : course().ledger().rows()) {
    if (row.state == LedgerState::applied) last = &row;
  }
  std::vector<const LedgerRow*> rows;
  for (const LedgerRow& row : course().ledger().rows()) {
    if (last && row.run_id == last->run_id && row.state == LedgerState::applied) rows.push_back(&row);
  }
  return rows;
}

const std::vector<Gate>& PreflightFacts::gates() {
  if (!gates_) gates_ = read_gates(config());
  return *gates_;
}

GateWorld& PreflightFacts::world() {
  if (!world_) world_ = std::make_unique<GateWorld>(gate_target(config()));
  return *world_;
}

PreflightAnswer hold_gates(PreflightFacts& facts, const std::vector<Gate>& gates) {
  std::vector<std::string> names;
  for (const Gate& gate : gates) {
    const GateVerdict verdict = GateTrial(gate).hold(facts.world());
    const std::string text = fmt::format("{}: {}", gate.name, verdict.words());
    const std::string next = fmt::format("`martlet gates run {}`", gate.name);
    if (verdict.state == GateState::fail) return PreflightAnswer::fail(text, next);
    if (verdict.state == GateState::inconclusive) return PreflightAnswer::unknown(text, next);
    names.push_back(gate.name);
  }
  return PreflightAnswer::pass(join(names, ", "));
}

PreflightAnswer integrity_answer(PreflightFacts& facts) {
  const std::vector<std::string> problems = integrity_problems(health_target(facts.config()));
  if (problems.empty()) return PreflightAnswer::pass("verify finds nothing bad");
  return PreflightAnswer::fail(join(problems, "; "), "`martlet verify` says what to do");
}

namespace {

PreflightAnswer answered(const PreflightItem& item, PreflightFacts& facts) {
  try {
    return item.answer(facts);
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    if (error.kind == ErrorKind::validation) {  // the answer is known: the files are not sound
      return PreflightAnswer::fail(error.place.known() ? error.place.text() + ": " + error.message : error.message,
                                   error.next_step);
    }
    return PreflightAnswer::unknown(error.message, error.next_step);
  }
}

}  // namespace

std::vector<PreflightResult> preflight(PreflightFacts& facts, const std::vector<PreflightPart>& parts) {
  std::vector<PreflightResult> results;
  for (const PreflightPart part : parts) {
    for (const PreflightItem* item : Registry<PreflightItem>::all()) {
      if (item->part == part) results.push_back({item, answered(*item, facts)});
    }
  }
  return results;
}

}  // namespace martlet
