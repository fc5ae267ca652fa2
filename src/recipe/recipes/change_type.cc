// ALTER COLUMN … TYPE that rewrites: a second column of the new type is kept in step by a trigger and filled in
// batches; its indexes are built concurrently; then names, keys and default change hands under one short lock. The
// column ends up last in the table. Where more than its indexes and keys names the column, this is not offered.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/coercion.h"
#include "recipe/build.h"
#include "recipe/definition.h"
#include "recipe/parts.h"
#include "recipe/twin.h"

namespace martlet {
namespace {

bool contains(const std::vector<int>& columns, int number) {
  return std::ranges::count(columns, number) > 0;
}

bool is_key(const Constraint& constraint) {
  return constraint.kind == Constraint::Kind::primary_key || constraint.kind == Constraint::Kind::unique;
}

bool uses(const std::vector<ColumnUse>& list_of_uses, ObjectId relation, int column) {
  return std::ranges::any_of(list_of_uses,
                             [&](const ColumnUse& use) { return use.relation == relation && use.column == column; });
}

// Views, foreign keys, CHECKs, policies, triggers, statistics: they follow the old column by number.
bool is_named_elsewhere(const Operation& operation, const Relation& table, const Column& column) {
  const int number = column.number;
  for (const Constraint& each : table.constraints) {
    if (contains(each.columns, number) && !is_key(each)) return true;
  }
  for (const ObjectId id : table.referrers) {
    const Relation* other = operation.before.relation(id);
    for (const Constraint& each : other ? other->constraints : std::vector<Constraint>{}) {
      if (each.target == table.id && contains(each.target_columns, number)) return true;
    }
  }
  for (const ObjectId id : table.dependents) {
    const Relation* view = operation.before.relation(id);
    if (!view || !view->view || uses(view->view->uses, table.id, number)) return true;
  }
  const bool in_statistics =
      std::ranges::any_of(table.statistics, [&](const Statistics& each) { return contains(each.columns, number); });
  const bool in_policies =
      std::ranges::any_of(table.policies, [&](const Policy& each) { return uses(each.uses, table.id, number); });
  const bool in_triggers = std::ranges::any_of(table.triggers, [&](const Trigger& each) {
    return contains(each.columns, number) || contains(each.reads, number);
  });
  const bool generated = std::ranges::any_of(table.columns, &Column::generated);
  return in_statistics || in_policies || in_triggers || generated || !table.rules.empty() ||
         !table.publications.empty();
}

struct Swap {
  const Operation& operation;
  const Relation& table;
  const Column& column;
  std::string second;  // as an identifier
  std::string kept;
  std::vector<RecipeStep> building, swapping;

  std::string alter(std::string_view action) const { return alter_table(operation, table, action); }

  // False where an index cannot be made for the second column.
  bool take_index(const Relation& index) {
    const std::string copy = free_relation(operation, table.schema, object_name(index.name, "", "new"));
    const std::string sql =
        create_index_copy(operation, index, table, {.name = copy, .column = column.number, .instead = second});
    if (sql.empty()) return false;
    building.push_back(alone(sql));
    const Constraint* key = nullptr;
    for (const Constraint& each : table.constraints) {
      if (is_key(each) && each.index == index.id) key = &each;
    }
    if (!key) {
      Relation copied{.schema = index.schema, .name = copy};
      swapping.push_back(step("DROP INDEX " + name_in(operation, index)));
      const bool bare = name_in(operation, table) == quote_where_needed(table.name);
      swapping.push_back(
          step(fmt::format("ALTER INDEX {} RENAME TO {}", QualifiedName{bare ? "" : index.schema, copy}.text(),
                           quote_where_needed(index.name))));
      return true;
    }
    const std::string name = quote_where_needed(key->name);
    std::string deferred;
    if (key->deferrable) deferred = key->initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
    swapping.push_back(step(alter(fmt::format("DROP CONSTRAINT {0}, ADD CONSTRAINT {0} {1} USING INDEX {2}{3}", name,
                                              key->kind == Constraint::Kind::primary_key ? "PRIMARY KEY" : "UNIQUE",
                                              quote_where_needed(copy), deferred))));
    return true;
  }

  bool take_indexes() {
    return std::ranges::all_of(table.indexes, [&](ObjectId id) {
      const Relation* index = operation.before.relation(id);
      if (!index || !index->index) return false;
      const IndexDefinition& facts = *index->index;
      const bool reads = contains(facts.reads, column.number) || contains(facts.included, column.number) ||
                         std::ranges::count(facts.keys, column.number, &IndexKey::column) > 0;
      return !reads || take_index(*index);
    });
  }

  void take_default() {
    const std::string name = quote_where_needed(column.name);
    if (!column.default_sql.empty()) {
      swapping.push_back(step(alter(fmt::format("ALTER COLUMN {} SET DEFAULT {}, ALTER COLUMN {} DROP DEFAULT", second,
                                                column.default_sql, name))));
    }
    if (const Relation* sequence = operation.before.relation(column.owned_sequence)) {
      swapping.push_back(step(fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", name_in(operation, *sequence),
                                          name_in(operation, table), second)));
    }
  }

  void change_names() {
    const std::string name = quote_where_needed(column.name);
    if (column.not_null) swapping.push_back(step(alter(fmt::format("ALTER COLUMN {} DROP NOT NULL", name))));
    swapping.push_back(step(alter(fmt::format("RENAME COLUMN {} TO {}", name, kept))));
    swapping.push_back(step(alter(fmt::format("RENAME COLUMN {} TO {}", second, name))));
  }
};

// A cast that depends on the session (timestamp to timestamptz: its time zone) gives each writer another value.
bool depends_on_session(const Catalog& catalog, const Column& before, const Column& now) {
  const Cast* cast = catalog.cast(before.type.type, now.type.type);
  const Function* function = cast ? catalog.functions.get(cast->function) : nullptr;
  return function && function->volatility != Volatility::immutable;
}

// What ALTER COLUMN … TYPE assigns to the new type.
std::string assigned_sql(const PgQuery__ColumnDef& definition, const std::string& column) {
  return definition.raw_default ? deparse_expression(*definition.raw_default) : column;
}

std::vector<RecipeStep> steps(const Operation& operation) {
  const Relation* after = table_after(operation);
  const bool changes = after && operation.command && operation.command->def &&
                       operation.command->def->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF;
  if (!changes || operation.table->kind != RelationKind::table || !operation.table->children.empty()) return {};
  const Relation& table = *operation.table;
  const std::string name = operation.command->name;
  const Column* column = table.column(std::string_view(name));
  const Column* changed = after->column(std::string_view(name));
  if (!column || !changed || column->identity != Column::Identity::none || !column->local || column->inherited)
    return {};
  if (table.partition.parent || is_named_elsewhere(operation, table, *column)) return {};
  if (depends_on_session(operation.catalog, *column, *changed)) return {};
  const std::string type = type_text(operation.catalog, changed->type) + collate_clause(changed->collation);
  const std::string second = free_column(table, object_name(name, "", "new"));
  const PgQuery__ColumnDef& definition = *operation.command->def->column_def;
  const std::string assigned = assigned_sql(definition, quote_where_needed(name));
  const bool is_plain = !definition.raw_default;
  const Twin twin{
      .table = table,
      .original = *column,
      .name = second,
      .type = type,
      .value = fmt::format("{}::{}", is_plain ? assigned : "(" + assigned + ")",
                           type_text(operation.catalog, changed->type)),
      .assigned = assigned,
      .direction = Twin::Direction::forth,
  };
  std::vector<RecipeStep> steps = add_twin(operation, twin);
  Swap swap{.operation = operation,
            .table = table,
            .column = *column,
            .second = quote_where_needed(second),
            .kept = quote_where_needed(free_column(table, object_name(name, "", "before")))};
  if (steps.empty() || !swap.take_indexes()) return {};
  if (column->not_null) append(steps, set_not_null(operation, table, {second}));
  append(steps, std::move(swap.building));
  const std::size_t first = steps.size();
  append(steps, drop_twin_trigger(operation, twin));
  swap.take_default();
  swap.change_names();
  append(steps, std::move(swap.swapping));
  join_steps(steps, first);
  steps.push_back(finish(swap.alter("DROP COLUMN " + swap.kept), "the column now stands last in the table"));
  return steps;
}

const Registered<Recipe> kRecipe{{
    .id = "change-type",
    .summary =
        "a second column of the new type, kept in step by a trigger, filled in batches, swapped in one short lock",
    .tier = Tier::shadow_column,
    .steps = steps,
}};

}  // namespace
}  // namespace martlet
