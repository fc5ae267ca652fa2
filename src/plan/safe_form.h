// The steps that run in place of a statement which would hold up the application.
#pragma once

#include <optional>
#include <vector>

#include "hazard/judge.h"
#include "plan/plan.h"

namespace martlet {

struct SafeForm {
  std::vector<PlannedStep> steps;
  /// A recipe that would do but that no plan runs by itself: a second column, or what a person must decide.
  std::string manual_recipe;
  std::string manual_sql;
};
/// What the recipes of the hazards in the statement make of it, each for its own sub-command, with the rest of an ALTER
/// TABLE as a step of its own. Steps have neither effects nor an estimate yet; transaction numbers are the recipes'.
/// expand_contract recipes are used where phases are apart (of a contract: those that put aside), in_place ones where
/// the statement is over budget. Empty where no recipe applies.
SafeForm safe_form(const JudgedStatement& judged, bool is_over_budget, Phases phases);

}  // namespace martlet
