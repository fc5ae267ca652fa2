// A statement that must not share a transaction with others: a migration of its own.
#include "base/registry.h"
#include "effects/transactional.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::vector<RecipeStep> steps(const Operation& operation) {
  const std::string note = "in a migration of its own";
  if (transactionality(operation.statement, Dialect::postgres).transactional()) {
    return {step(operation.statement.text, note)};
  }
  return {alone(operation.statement.text, note)};
}

const Registered<Recipe> kRecipe{{
    .id = "own-transaction",
    .summary = "run the statement in a transaction of its own, or in none where it needs none",
    .use = Recipe::Use::advised,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
