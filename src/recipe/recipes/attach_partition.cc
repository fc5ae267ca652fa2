// ATTACH PARTITION reads the candidate, and the default partition, under ACCESS EXCLUSIVE, and builds there what
// indexes the parent has. What it would build and read is built and proven before.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "recipe/bound.h"
#include "recipe/build.h"
#include "recipe/definition.h"
#include "recipe/parts.h"

namespace martlet {
namespace {

// The candidate's indexes that ATTACH made: built concurrently before, under the same names.
bool build_indexes(const Operation& operation, const Relation& before, const Relation& after,
                   std::vector<RecipeStep>& steps) {
  for (const ObjectId id : after.indexes) {
    const Relation* index = operation.catalog.relations.get(id);
    if (!index || !index->index || !index->index->parent || operation.before.relation(id)) continue;
    const std::string sql = create_index_sql(operation, *index, before, Build::concurrently);
    if (sql.empty()) return false;
    if (index->index->primary) {
      std::vector<std::string> columns;
      for (const IndexKey& key : index->index->keys) columns.push_back(before.column(key.column)->name);
      append(steps, set_not_null(operation, before, columns));
    }
    steps.push_back(alone(sql));
    if (!index->index->constraint) continue;
    steps.push_back(
        step(alter_table(operation, before,
                         fmt::format("ADD CONSTRAINT {0} {1} USING INDEX {0}", quote_where_needed(index->name),
                                     index->index->primary ? "PRIMARY KEY" : "UNIQUE"))));
  }
  return true;
}

void add_foreign_keys(const Operation& operation, const Relation& before, const Relation& after,
                      std::vector<RecipeStep>& steps) {
  for (const Constraint& key : after.constraints) {
    if (key.kind != Constraint::Kind::foreign_key || !key.parent || before.constraint(key.name)) continue;
    const std::string name = quote_where_needed(key.name);
    steps.push_back(
        step(alter_table(operation, before,
                         fmt::format("ADD CONSTRAINT {} {} NOT VALID", name, foreign_key_sql(operation, after, key)))));
    steps.push_back(step(alter_table(operation, before, "VALIDATE CONSTRAINT " + name),
                         "reads the table while it is read and written"));
  }
}

std::vector<RecipeStep> steps(const Operation& operation) {
  const bool attaches = operation.table && operation.command && operation.command->def &&
                        operation.command->def->node_case == PG_QUERY__NODE__NODE_PARTITION_CMD;
  if (!attaches || !operation.table->is_partitioned()) return {};
  const PgQuery__PartitionCmd& command = *operation.command->def->partition_cmd;
  const Relation* after = nullptr;
  for (const ObjectId id : operation.table->id ? table_after(operation)->children : std::vector<ObjectId>{}) {
    const Relation* child = operation.catalog.relations.get(id);
    if (child && child->name == command.name->relname) after = child;
  }
  const Relation* before = after ? operation.before.relation(after->id) : nullptr;
  if (!before || !command.bound || before->is_partitioned()) return {};
  std::vector<RecipeStep> steps;
  if (!build_indexes(operation, *before, *after, steps)) return {};
  add_foreign_keys(operation, *before, *after, steps);
  std::vector<RecipeStep> attaching = attach_with_checks(operation, *operation.table, before, *command.bound,
                                                         alter_with(operation, *operation.command));
  if (attaching.empty()) return {};
  append(steps, std::move(attaching));
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "attach-partition",
    .summary = "build its indexes and prove its bounds while it is in use, then attach it without a scan",
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
