// `martlet preflight`: the checklists that teams keep by hand, computed. One file in items/ each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/validation.h"
#include "gate/trial.h"
#include "run/course.h"
#include "run/planning.h"
#include "run/promotion.h"

namespace martlet {

/// unknown: nobody can tell from here, and `text` says what would be needed. It is not a pass.
enum class PreflightState { pass, fail, unknown };
std::string_view preflight_word(PreflightState state);

struct PreflightAnswer {
  PreflightState state = PreflightState::unknown;
  std::string text;  // why, one line
  std::string next;  // what to do; "" = nothing

  static PreflightAnswer pass(std::string text) { return {PreflightState::pass, std::move(text), {}}; }
  static PreflightAnswer fail(std::string text, std::string next) {
    return {PreflightState::fail, std::move(text), std::move(next)};
  }
  static PreflightAnswer unknown(std::string text, std::string next = {}) {
    return {PreflightState::unknown, std::move(text), std::move(next)};
  }
};

/// What items look at; each part is read when the first item asks for it. Whatever cannot be had is thrown to the item
/// that asks, which then is unknown.
class PreflightFacts {
 public:
  explicit PreflightFacts(Context& context);
  ~PreflightFacts();

  Context& context;
  const Config& config() const { return context.config; }
  const RunSettings& settings();
  /// Connected, without the lease.
  Course& course();
  const std::vector<const StandingEntry*>& pending();
  const Validation& validation();
  /// nullptr where there is nothing to plan: SQLite.
  const PendingPlan* plan();
  /// Of the environment that `promote_from` names; nullptr where it names none.
  const std::vector<Evidence>* evidence();
  const std::vector<AuditEvent>& audit();
  /// The ledger's rows of the last run that applied something.
  std::vector<const LedgerRow*> last_run();
  const std::vector<Gate>& gates();
  GateWorld& world();

 private:
  std::optional<RunSettings> settings_;
  std::unique_ptr<Course> course_;
  std::optional<std::vector<const StandingEntry*>> pending_;
  std::optional<Validation> validation_;
  std::optional<PendingPlan> plan_;
  std::optional<std::vector<Evidence>> evidence_;
  std::optional<std::vector<AuditEvent>> audit_;
  std::optional<std::vector<Gate>> gates_;
  std::unique_ptr<GateWorld> world_;
};

/// The part of the checklist that an item belongs to. `before` and `during` are asked before a run (what will be done
/// during it is seen from the configuration), `after` when it is over.
enum class PreflightPart { before, during, after };

struct PreflightItem {
  std::string_view id;        // "10-validated": items of a part are shown in this order, without the number
  std::string_view question;  // "migrations are valid", as the checklists say it
  PreflightPart part = PreflightPart::before;
  PreflightAnswer (*answer)(PreflightFacts& facts) = nullptr;
};

struct PreflightResult {
  const PreflightItem* item = nullptr;
  PreflightAnswer answer;
};

/// Answers every item of these parts. Throws only Error{cancelled}.
std::vector<PreflightResult> preflight(PreflightFacts& facts, const std::vector<PreflightPart>& parts);

/// Holds these gates once: pass, or the first that does not.
PreflightAnswer hold_gates(PreflightFacts& facts, const std::vector<Gate>& gates);

/// Asks `martlet verify`: pass, or everything that it calls bad.
PreflightAnswer integrity_answer(PreflightFacts& facts);

}  // namespace martlet
