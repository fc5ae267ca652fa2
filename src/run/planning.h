// What is pending → plan, before a run and for `plan`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/digest.h"
#include "plan/planner.h"
#include "run/course.h"

namespace martlet {

/// The planned files, in the order in which they run, and what the plan is recognised by.
struct PendingPlan {
  std::vector<PlannedFile> files;
  PlanDigest digest;  // empty where nobody asked for it

  std::vector<PlannedMigration> migrations() const;
};

/// Is there something to plan? Only PostgreSQL has locks that a plan could avoid.
bool can_plan(const RunSettings& settings);

/// Reads the catalog and plans these, in their order. `digest`: whether to compute it, which goes through the whole
/// catalog.
enum class WithDigest { no, yes };
PendingPlan plan_pending(Session& session, const std::vector<const StandingEntry*>& pending, WithDigest digest);

/// The plan of what stands below `-- martlet:contract`, as a migration of its own.
PendingPlan plan_section(Session& session, const Migration& section);

/// The plan of what a run applies or takes back. None where there is nothing to plan; nor, with a warning, where the
/// catalog cannot be read, unless the environment is protected or a reviewed plan is asked for.
std::optional<PendingPlan> plan_ups(Course& course, const std::vector<const StandingEntry*>& pending);
std::optional<PendingPlan> plan_downs(Course& course, const std::vector<Job>& downs);

/// Both at once, before any of it is run: what is applied again on what is left when it was taken back.
struct RedoPlan {
  PendingPlan downs, ups;
};
std::optional<RedoPlan> plan_redo(Course& course, const std::vector<Job>& downs,
                                  const std::vector<const StandingEntry*>& again);

/// Makes the jobs follow their plans, unless all of them are one transaction.
void follow(const Course& course, std::vector<Job>& jobs, const PendingPlan& plan);

/// Throws Error{validation} (exit code 4) where the plan is not the reviewed one, naming what changed.
void refuse_other_plan(const RunSettings& settings, const PendingPlan& plan);

/// On a protected environment a step that holds up the application for longer than max_block, or that nobody could
/// analyse, is refused, with its safe form for a person where there is one; with --force and a reason it is recorded
/// and run. Elsewhere a warning is told.
void refuse_over_budget(Course& course, const PendingPlan& plan);

}  // namespace martlet
