// A plan is proven before it runs: the files as they were written on one scratch copy of the target, the plan on
// another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run/course.h"
#include "run/planning.h"

namespace martlet {

/// What one step of the plan did on its copy.
struct StepTrial {
  std::string migration;  // as people know it
  PlannedStep step;
  std::vector<std::string> disagrees;  // where it did not do what was predicted
  std::string works_under_lock;        // a step of a safe form that keeps the application out while it works; "" = none
  std::string failure;
};

struct PlanTrial {
  std::string where;               // the copies were made, for people
  std::vector<std::string> lacks;  // what could not be copied, and why
  std::vector<StepTrial> steps;
  std::optional<Error> original_failed;  // a statement as it was written; nothing is compared then
  std::vector<std::string> schema;       // differences, for people
  std::vector<std::string> rows;         // tables whose rows are not the same
  std::vector<std::string> not_compared;
  int tables = 0;  // whose rows were compared

  bool passed() const;
};

struct TrialOptions {
  std::string server;      // scratch_url, "" = none given
  int sample_rows = 1000;  // of each table at most
};

/// Makes both copies from one snapshot of the target, runs both, all phases of the plan, and compares. Throws where
/// there is no place for scratch databases, or the target cannot be read; what fails on a copy is in the result.
[[nodiscard]] PlanTrial try_plan(Course& course, const std::vector<const StandingEntry*>& pending,
                                 const PendingPlan& plan, const TrialOptions& options);

}  // namespace martlet
