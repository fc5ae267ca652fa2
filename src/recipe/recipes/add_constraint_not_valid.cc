// ADD CHECK and ADD FOREIGN KEY: NOT VALID takes its lock for a moment, VALIDATE reads the rows later under SHARE
// UPDATE EXCLUSIVE (and ROW SHARE on the referenced table).
#include "base/registry.h"
#include "recipe/build.h"
#include "recipe/parts.h"

namespace martlet {
namespace {

std::vector<RecipeStep> steps(const Operation& operation) {
  if (!operation.table || !operation.constraint) return {};
  const Constraint* made = constraint_after(operation, *operation.constraint);
  const std::string name = made ? made->name : operation.constraint->conname;
  if (name.empty()) return {};
  return add_not_valid(operation, *operation.table, *operation.constraint, name);
}

const Registered<Recipe> kCheck{{
    .id = "add-check-not-valid",
    .summary = "add the CHECK as NOT VALID, then validate it while the table is in use",
    .steps = steps,
}};
const Registered<Recipe> kForeignKey{{
    .id = "add-foreign-key-not-valid",
    .summary = "add the foreign key as NOT VALID, then validate it while both tables are in use",
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
