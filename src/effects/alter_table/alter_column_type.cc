// ALTER TABLE … ALTER COLUMN … TYPE (tablecmds.c, ATPrepAlterColumnType and ATExecAlterColumnType).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/alter_table/dependents.h"
#include "effects/alter_table/row_type.h"
#include "effects/alter_table/type_change.h"
#include "effects/alter_table/typed_tables.h"
#include "effects/coercion.h"
#include "effects/definition/parts.h"
#include "effects/expression.h"

namespace martlet {
namespace {

// The value that `USING expression` gives the column: casts of the column itself are followed, anything else is a new
// value.
CastValue cast_value(Execution& execution, const Node& expression, const Relation& table, const Column& column) {
  switch (expression.node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF: {
      const PgQuery__ColumnRef& reference = *expression.column_ref;
      if (string_value(reference.fields[reference.n_fields - 1]) == column.name) return {.type = column.type};
      break;
    }
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
      return cast_value(execution, *expression.collate_clause->arg, table, column);
    case PG_QUERY__NODE__NODE_TYPE_CAST: {
      const CastValue value = cast_value(execution, *expression.type_cast->arg, table, column);
      const TypeUse type = resolve_type(execution, *expression.type_cast->type_name);
      CastValue cast = coerce(execution.catalog, execution.session, value, type, 'e');
      if (!cast.castable) {
        execution.fail("42846",
                       fmt::format("cannot cast type {} to {}", type_text(execution.catalog, {.type = value.type.type}),
                                   type_text(execution.catalog, type)));
      }
      return cast;
    }
    default:
      break;
  }
  const ExpressionFacts facts = expression_facts(execution, expression, &table);
  return {.type = facts.type, .unchanged = false, .known = facts.type.type != 0};
}

bool holds_rows(RelationKind kind) {
  return kind == RelationKind::table || kind == RelationKind::partitioned_table;
}

void check(const AlterStep& step, const Column& column) {
  const Relation& table = step.relation();
  if (column.inherited && !step.recursing) {
    step.fail("42P16", fmt::format("cannot alter inherited column \"{}\"", column.name));
  }
  if (is_in_partition_key(step.execution(), table, column.number)) {
    step.fail("42P16",
              fmt::format("cannot alter column \"{}\" because it is part of the partition key of relation \"{}\"",
                          column.name, table.name));
  }
}

void check_castable(const AlterStep& step, const Column& column, const CastValue& value, TypeUse target,
                    bool has_using) {
  if (value.castable) return;
  const std::string type = type_text(step.execution().catalog, {.type = target.type});
  step.fail("42804",
            has_using ? fmt::format("result of USING clause for column \"{}\" cannot be cast automatically to type {}",
                                    column.name, type)
                      : fmt::format("column \"{}\" cannot be cast automatically to type {}", column.name, type));
}

// Does the rows' part: is a value computed anew?
void plan_rewrite(const AlterStep& step, const Column& column, TypeUse target, const Node* expression) {
  Execution& execution = step.execution();
  const Relation& table = step.relation();
  if (!holds_rows(table.kind)) {
    if (expression) step.fail("42809", fmt::format("\"{}\" is not a table", table.name));
    return;
  }
  const CastValue value =
      expression ? cast_value(execution, *expression, table, column) : CastValue{.type = column.type};
  const CastValue stored = coerce(execution.catalog, execution.session, value, target, 'a');
  check_castable(step, column, stored, target, expression != nullptr);
  AlteredTable& altered = step.alter.altered(step.table);
  altered.new_values = true;
  if (!stored.unchanged) altered.rewrite = true;
  if (!stored.known && !expression) {
    execution.assume(
        fmt::format("the new type of {}.{} is stored in another way than its old one", table.name, column.name));
  }
}

const PgQuery__ColumnDef& definition(const AlterStep& step) {
  return *step.command.def->column_def;
}

void queue_children(const AlterStep& step, const Column& column) {
  const Relation& table = step.relation();
  if (step.recursing || !has_children(table)) return;
  if (!step.recurse) {
    step.fail("42P16", fmt::format("type of inherited column \"{}\" must be changed in child tables too", column.name));
  }
  const std::vector<ObjectId> children = lock_descendants(step.execution(), step.table, step.alter.lock);
  for (const ObjectId child : children) {
    const Relation& below = step.alter.relation(child);
    const auto parents_here =
        std::ranges::count_if(
            children,
            [&](ObjectId id) { return below.partition.parent == id || std::ranges::count(below.inherits, id) > 0; }) +
        (below.partition.parent == step.table || std::ranges::count(below.inherits, step.table) > 0 ? 1 : 0);
    if (parents_with_column(step.execution().catalog, below, column.name) > parents_here) {
      step.fail("42P16",
                fmt::format("cannot alter inherited column \"{}\" of relation \"{}\"", column.name, below.name));
    }
    step.alter.prepare(step.action, step.command, child, false, true);
  }
}

void prepare_alter_type(const AlterStep& step) {
  const Relation& table = step.relation();
  if (table.of_type && !step.recursing) step.fail("42809", "cannot alter column type of typed table");
  const Column column = existing_column(step, step.command.name);
  check(step, column);
  const TypeUse target = resolve_type(step.execution(), *definition(step).type_name);
  static_cast<void>(resolve_collation(step.execution(), target, definition(step).coll_clause));
  if (column.generated && definition(step).raw_default) {
    step.fail("42611", "cannot specify USING when altering type of generated column");
  }
  plan_rewrite(step, column, target, definition(step).raw_default);
  const RelationKind kind = step.relation().kind;
  if (kind == RelationKind::composite_type || kind == RelationKind::foreign_table) {
    refuse_use_of_row_type(step.execution(), step.relation());
  }
  queue_children(step, column);
  queue_typed_tables(step);
}

// The default is cast, too: by assignment, and without what USING says.
void check_default(const AlterStep& step, const Column& column, TypeUse target) {
  if (column.default_sql.empty()) return;
  Execution& execution = step.execution();
  const Relation* row = column.generated ? &step.relation() : nullptr;
  const ExpressionFacts facts = expression_facts(execution, column.default_sql, row);
  const TypeUse type = facts.type.type == type_id::unknown ? column.type : facts.type;
  if (!type.type || coerce(execution.catalog, execution.session, {.type = type}, target, 'a').castable) return;
  step.fail("42804", fmt::format("{} for column \"{}\" cannot be cast automatically to type {}",
                                 column.generated ? "generation expression" : "default", column.name,
                                 type_text(execution.catalog, {.type = target.type})));
}

void check_once(const AlterStep& step, const Column& column) {
  const std::vector<Column>& before = step.alter.altered(step.table).columns_before;
  const auto at = std::ranges::find(before, column.number, &Column::number);
  if (at == before.end() || at->type == column.type) return;
  step.fail("0A000", fmt::format("cannot alter type of column \"{}\" twice", column.name));
}

// The sequence of an identity column changes its type as well.
void alter_sequence(const AlterStep& step, const Column& column, TypeUse target) {
  if (column.identity == Column::Identity::none) return;
  const ObjectId base = base_type(step.execution().catalog, target).type;
  if (base && base != type_id::int2 && base != type_id::int4 && base != type_id::int8) {
    step.fail("22023", "identity column type must be smallint, integer, or bigint");
  }
  if (!step.execution().catalog.relations.get(column.owned_sequence)) return;
  step.execution().lock(column.owned_sequence, LockMode::share_row_exclusive);
  step.execution().new_file(column.owned_sequence);
  Relation& sequence = step.alter.edit(column.owned_sequence);
  if (sequence.sequence && base) sequence.sequence->type = base;
}

void alter_type(const AlterStep& step) {
  const Column column = existing_column(step, step.command.name);
  check_once(step, column);
  const TypeUse target = resolve_type(step.execution(), *definition(step).type_name);
  check_default(step, column, target);
  remember_dependents(step.alter, step.table, column.number);
  alter_sequence(step, column, target);
  const std::string collation = resolve_collation(step.execution(), target, definition(step).coll_clause);
  Column& changed = *step.edit().column(column.number);
  changed.type = target;
  changed.collation = collation;
  changed.storage = type_storage(step.execution().catalog.types.get(base_type(step.execution().catalog, target).type));
}

const Registered<AlterAction> kAlterColumnType{{
    .id = "AlterColumnType",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType,
    .words = "ALTER COLUMN ... SET DATA TYPE",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::alter_type,
    .targets = alter_target::table | alter_target::composite_type | alter_target::foreign_table,
    .execute = alter_type,
    .prepare = prepare_alter_type,
}};

}  // namespace
}  // namespace martlet
