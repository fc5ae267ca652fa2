// ADD COLUMN … NOT NULL without a default fails on a table with rows, and old INSERTs leave the column out. Until old
// code is gone the column may be NULL; then, once every row has a value, which only a person can know, it is made NOT
// NULL.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/coercion.h"
#include "effects/search_path.h"
#include "recipe/build.h"
#include "recipe/parts.h"

namespace martlet {
namespace {

// What says nothing about the values that a row must have, and needs no index.
bool stays(const PgQuery__Constraint& constraint) {
  return constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_NULL;
}

// A key must have a value at once; a constraint that may be put off has a second node that says so.
bool can_wait(const PgQuery__ColumnDef& definition) {
  return std::ranges::none_of(list(definition.n_constraints, definition.constraints), [](const Node* each) {
    const PgQuery__ConstrType type = each->constraint->contype;
    return type == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY || type == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE ||
           type == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED;
  });
}

// The statement fails on a table with rows: the catalog need not show the column.
bool is_checked_domain(const Operation& operation, const PgQuery__TypeName& name) {
  const QualifiedName qualified = qualified_name(name.n_names, name.names);
  const Type* type = by_search_path(operation.session, qualified, [&](std::string_view schema, std::string_view each) {
    return operation.catalog.types.find(schema, each);
  });
  return type && has_domain_constraints(operation.catalog, type->id);
}

std::string what_to_write(const Operation& operation, const std::string& column) {
  return fmt::format(
      "old code leaves it out meanwhile; give the rows that are there a value behind it: `-- martlet:batch` above "
      "UPDATE {} SET {} = … WHERE {} IS NULL",
      name_in(operation, *operation.table), column, column);
}

std::vector<RecipeStep> steps(const Operation& operation) {
  if (!operation.table || !operation.command || !operation.command->def) return {};
  if (operation.command->def->node_case != PG_QUERY__NODE__NODE_COLUMN_DEF) return {};
  const PgQuery__ColumnDef& definition = *operation.command->def->column_def;
  if (!can_wait(definition) || is_checked_domain(operation, *definition.type_name)) return {};
  const std::string name = definition.colname;
  ColumnWithout bare(definition, stays);
  std::vector<RecipeStep> steps = {step(alter_with(operation, bare.add_column(*operation.command)),
                                        what_to_write(operation, quote_where_needed(name)))};
  if (!add_column_constraints(operation, definition, steps)) return {};
  std::vector<RecipeStep> proof = set_not_null(operation, *operation.table, {name});
  for (RecipeStep& each : proof) each.phase = Phase::contract;
  proof.front().note = "all code writes it, and every row has a value";
  append(steps, std::move(proof));
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "add-column-not-null",
    .summary = "add it nullable, fill it while old and new code run, and make it NOT NULL when all code writes it",
    .tier = Tier::expand_contract,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
