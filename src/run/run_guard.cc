#include "run/run_guard.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/cancel.h"
#include "base/text.h"
#include "gate/integrity.h"
#include "run/gate_refusal.h"
#include "run/rollback.h"

namespace martlet {
namespace {

using Clock = std::chrono::steady_clock;

/// `verify` found what was not so before the run.
struct IntegrityViolated : Error {
  using Error::Error;
};

std::string event_of(GateState state) {
  return state == GateState::pass ? "gate-passed" : state == GateState::fail ? "gate-failed" : "gate-inconclusive";
}

GateTarget target_of(const RunSettings& settings) {
  if (!settings.safeguards) return {};
  return {
      .health = settings.safeguards->health, .run_id = settings.who.run_id, .application = settings.who.application};
}

}  // namespace

RunGuard::RunGuard(Course& course, Rollback rollback)
    : course_(course),
      rollback_(rollback),
      safeguards_(course.settings().safeguards.get()),
      world_(target_of(course.settings())) {
  if (!safeguards_) return;
  for (const Gate& gate : safeguards_->gates) {
    const bool around = gate.when.contains(GateMoment::before) || gate.when.contains(GateMoment::after);
    if (around && !safeguards_->skipped.contains(gate.name)) trials_.push_back(std::make_unique<GateTrial>(gate));
  }
}

void RunGuard::run(const std::function<void()>& work) {
  if (!safeguards_) return work();
  try {
    guarded(work);
  } catch (Error& error) {
    if (wants_rollback(error)) roll_back(course_, *safeguards_, course_.settings().who.run_id, error);
    throw;
  }
}

void RunGuard::guarded(const std::function<void()>& work) {
  before();
  prepare_after();
  begin_watch();
  try {
    work();
    // What the gates during the run have to say last is obeyed too: a run without safe points must not slip through.
    if (watch_) course_.session().stand_by();
    end_watch();
    after();
  } catch (...) {
    end_watch();
    keep_evidence();
    throw;
  }
  record_evidence();
}

// Must not hide the error that it is about; after Ctrl-C or without a connection there is nothing to write with.
void RunGuard::keep_evidence() {
  if (cancel::requested()) return;
  try {
    course_.session().abandon();
    record_evidence();
  } catch (const Error& second) {
    course_.settings().emit(
        {.kind = EventKind::warning, .text = "what gates said was not recorded: " + second.message});
  }
}

void RunGuard::before() {
  for (const std::string& name : safeguards_->skipped) {
    const std::string text = fmt::format("{}: {}", name, safeguards_->skip_reason);
    course_.settings().emit({.kind = EventKind::overridden, .text = "gate left out: " + text});
    evidence_.push_back({.event = "gate-skipped", .detail = text});
  }
  try {
    for (const auto& trial : trials_) {
      if (trial->gate.when.contains(GateMoment::before)) hold(*trial, GateMoment::before);
    }
  } catch (...) {
    keep_evidence();
    throw;
  }
  record_evidence();
}

void RunGuard::prepare_after() {
  for (const auto& trial : trials_) {
    if (!trial->gate.when.contains(GateMoment::after)) continue;
    const std::string why_not = trial->prepare(world_);
    if (why_not.empty()) continue;
    course_.settings().emit(
        {.kind = EventKind::warning,
         .text = fmt::format("gate {}: there will be nothing to compare with: {}", trial->gate.name, why_not)});
  }
  if (safeguards_->rollback.on_integrity) problems_before_ = integrity_problems(safeguards_->health);
}

void RunGuard::begin_watch() {
  std::vector<Gate> during;
  for (const Gate& gate : safeguards_->gates) {
    if (gate.when.contains(GateMoment::during) && !safeguards_->skipped.contains(gate.name)) during.push_back(gate);
  }
  if (during.empty()) return;
  watch_ = std::make_unique<GateWatch>(std::move(during), world_.target,
                                       [this](const Event& event) { course_.settings().emit(event); });
  course_.session().hold_by([this] { return watch_->reason(); });
}

void RunGuard::end_watch() {
  if (!watch_) return;
  course_.session().hold_by(nullptr);
  for (const auto& [gate, verdict] : watch_->stop()) {
    if (verdict.measurements > 0) tell(gate, GateMoment::during, verdict);
  }
  watch_.reset();
}

void RunGuard::after() {
  if (safeguards_->rollback.on_integrity) check_integrity();
  for (const auto& trial : trials_) {
    if (trial->gate.when.contains(GateMoment::after)) hold(*trial, GateMoment::after);
  }
}

void RunGuard::check_integrity() {
  const std::vector<std::string> found = new_problems(problems_before_, integrity_problems(safeguards_->health));
  if (found.empty()) return;
  const std::string text = join(found, "; ");
  course_.settings().emit({.kind = EventKind::integrity_violated, .text = text});
  evidence_.push_back({.event = "integrity-violated", .detail = text});
  IntegrityViolated error(ErrorKind::drift, "the database is not sound after the run: " + found.front());
  error.with_detail(join({found.begin() + 1, found.end()}, "\n")).next("see all of it with `martlet verify`");
  throw error;
}

void RunGuard::tell(const Gate& gate, GateMoment moment, const GateVerdict& verdict) {
  const std::string line = verdict_line(gate, moment, verdict);
  const bool passed = verdict.state == GateState::pass;
  const bool is_said = !passed && moment == GateMoment::during;  // by GateWatch, when it was seen
  if (!is_said)
    course_.settings().emit(
        {.kind = passed ? EventKind::gate_passed : EventKind::gate_failed, .id = gate.name, .text = line});
  evidence_.push_back({.event = event_of(verdict.state), .detail = line});
}

void RunGuard::hold(GateTrial& trial, GateMoment moment) {
  GateVerdict verdict = trial.hold(world_);
  tell(trial.gate, moment, verdict);
  if (verdict.state == GateState::pass) return;
  GateAction action = trial.gate.action_on(verdict.state);
  if (action == GateAction::pause) {
    verdict = hold_until_passed(trial, moment, verdict);
    tell(trial.gate, moment, verdict);
    if (verdict.state == GateState::pass) return;
    action = GateAction::abort;
  }
  throw GateRefusal(trial.gate, moment, verdict, action);
}

GateVerdict RunGuard::hold_until_passed(GateTrial& trial, GateMoment moment, GateVerdict verdict) {
  const Gate& gate = trial.gate;
  const auto give_up = Clock::now() + gate.pause_limit;
  auto due = Clock::now() + gate.interval;
  course_.session().helm().wait_while(RunPhase::paused, [&]() -> std::string {
    if (Clock::now() >= due && verdict.state != GateState::pass) {
      verdict = trial.hold(world_);
      due = Clock::now() + gate.interval;
    }
    if (verdict.state == GateState::pass || Clock::now() >= give_up) return "";
    return "gate " + verdict_line(gate, moment, verdict);
  });
  return verdict;
}

void RunGuard::record_evidence() {
  if (evidence_.empty()) return;
  Session& session = course_.session();
  std::vector<Request> requests;
  for (AuditEvent& event : evidence_) {
    event.version_before = event.version_after = course_.maker().current();
    requests.push_back(session.audit().append(std::move(event), course_.settings().who));
  }
  evidence_.clear();
  session.commit(std::move(requests));
}

bool RunGuard::wants_rollback(const Error& error) const {
  if (rollback_ == Rollback::never) return false;
  if (error.kind == ErrorKind::cancelled || error.kind == ErrorKind::connection) return false;
  if (const auto* gate = dynamic_cast<const GateRefusal*>(&error)) return gate->action == GateAction::rollback;
  if (dynamic_cast<const IntegrityViolated*>(&error)) return true;  // only asked where the policy says so
  return safeguards_->rollback.on_failure && error.kind != ErrorKind::refused && error.kind != ErrorKind::usage;
}

}  // namespace martlet
