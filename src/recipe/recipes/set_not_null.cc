// SET NOT NULL without its scan under ACCESS EXCLUSIVE: a validated CHECK stands in for it (PostgreSQL 12,
// NotNullImpliedByRelConstraints); VALIDATE reads the table while it is written.
#include <fmt/format.h>

#include "base/registry.h"
#include "recipe/build.h"
#include "recipe/parts.h"

namespace martlet {
namespace {

std::vector<RecipeStep> steps(const Operation& operation) {
  if (!operation.table || !operation.command) return {};
  return set_not_null(operation, *operation.table, {operation.command->name});
}

const Registered<Recipe> kRecipe{{
    .id = "set-not-null",
    .summary = "prove that there is no NULL by a CHECK that is validated while the table is in use, then set NOT NULL",
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
