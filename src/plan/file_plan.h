// The plan of one migration while its statements are being judged.
#pragma once

#include <limits>
#include <vector>

#include "plan/planner.h"

namespace martlet {

class Planner::File {
 public:
  explicit File(const PlannerSettings& settings) : settings_(settings) {}

  void take(const JudgedStatement& judged);
  /// After the last statement: transactions are numbered, findings that the plan makes good are left out.
  PlannedFile finish(const Migration& migration, std::vector<HazardFinding> findings);

 private:
  bool has_directive(const Case& at, std::string_view name) const;
  bool is_allowed(const JudgedStatement& judged) const;
  PlannedStep as_written(const JudgedStatement& judged) const;
  /// Takes the safe form where there is one and it is wanted; otherwise notes on `written` what a person could do.
  bool take_safe_form(const JudgedStatement& judged, PlannedStep& written);
  void offer_by_hand(const JudgedStatement& judged, PlannedStep& written) const;
  /// Runs the steps on the model in the statement's place and notes what each does. False, with the model as the
  /// statement left it, where one of them would fail or is not understood.
  bool simulate(const JudgedStatement& judged, std::vector<PlannedStep>& steps) const;
  void decide_transactions(const Migration& migration, PlannedMigration& planned) const;
  std::string entangled(const std::vector<PlannedStep>& steps) const;
  bool is_made_good(const HazardFinding& finding, bool stepwise) const;

  const PlannerSettings& settings_;
  std::vector<PlannedStep> steps_;
  std::vector<Place> replaced_;                                  // statements whose safe form runs
  std::size_t bound_ = std::numeric_limits<std::size_t>::max();  // from this statement on all stay together
  std::string why_;
  int last_line_ = 0;   // of the statement before
  int first_line_ = 0;  // of the first one
  bool fails_ = false;  // a statement does, on the model
};

}  // namespace martlet
