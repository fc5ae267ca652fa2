// RENAME TO and SET SCHEMA of a table: in the transaction that renames, a view takes the old name, through which old
// code goes on reading and writing (auto-updatable views; security_invoker is of PostgreSQL 15).
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "recipe/build.h"

namespace martlet {
namespace {

std::vector<RecipeStep> steps(const Operation& operation) {
  const Relation* after = table_after(operation);
  if (!operation.table || !after) return {};
  const Relation& before = *operation.table;
  const bool same_name = before.name == after->name && before.schema == after->schema;
  const bool readable = before.kind == RelationKind::table || before.kind == RelationKind::partitioned_table;
  if (same_name || !readable) return {};
  // Below 15 a view reads with its owner's rights: row security would be passed by.
  const bool has_invoker = operation.catalog.server_version >= 150000;
  if (!has_invoker && before.row_security) return {};
  std::vector<std::string> columns;
  for (const Column& each : after->columns) columns.push_back(quote_where_needed(each.name));
  const std::string old_name = name_in(operation, before);
  std::vector<RecipeStep> steps = {
      step(deparse_statement(operation.node)),
      step(fmt::format("CREATE VIEW {}{} AS SELECT {} FROM {}", old_name,
                       has_invoker ? " WITH (security_invoker = true)" : "",
                       columns.empty() ? "*" : join(columns, ", "), name_in(operation, *after)),
           "reads and writes by the old name go on; COPY, TRUNCATE, MERGE, ON CONFLICT ON CONSTRAINT and ctid do not "
           "work through a view; grant on it what is granted on the table"),
  };
  join_steps(steps, 0);
  steps.push_back(contract(fmt::format("DROP VIEW {}", old_name)));
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "rename-table",
    .summary = "rename, and keep the old name as a view until no code uses it",
    .tier = Tier::expand_contract,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
