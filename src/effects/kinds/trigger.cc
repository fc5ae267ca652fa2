// CREATE TRIGGER (trigger.c, CreateTrigger).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/definition/parts.h"
#include "effects/expression.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"
#include "effects/target_kind.h"
#include "sql/walk.h"

namespace martlet {
namespace {

// catalog/pg_trigger.h, TRIGGER_TYPE_…
constexpr int kBefore = 1 << 1, kInsert = 1 << 2, kDelete = 1 << 3, kUpdate = 1 << 4, kTruncate = 1 << 5,
              kInstead = 1 << 6;

ObjectId trigger_function(Execution& execution, const PgQuery__CreateTrigStmt& statement) {
  const QualifiedName name = qualified_name(statement.n_funcname, statement.funcname);
  const Function* found = nullptr;
  each_schema(execution, name.schema, [&](const std::string& schema) {
    execution.catalog.functions.each_named(schema, name.name, [&](const Function& each) {
      if (each.arguments.empty()) found = &each;
    });
    return found != nullptr;
  });
  if (!found) {
    if (!execution.catalog.complete) return 0;
    execution.fail("42883", fmt::format("function {}() does not exist", name.text()));
  }
  const Type* result = execution.catalog.types.get(found->returns);
  if (result && result->name != "trigger") {
    execution.fail("42P17", fmt::format("function {} must return type trigger", name.text()));
  }
  return found->id;
}

// Of a view and of a foreign table only some triggers may be made; the second has no rows to look back at.
void require_kind(const Execution& execution, const Relation& table, const Trigger& trigger,
                  const PgQuery__CreateTrigStmt& statement) {
  const auto refuse = [&](std::string_view what) {
    execution.fail("42809", fmt::format("\"{}\" is a {}", table.name, what));
  };
  const bool has_transition = statement.n_transition_rels > 0;
  if (table.kind == RelationKind::view) {
    if ((trigger.row && !trigger.instead_of) || trigger.on_truncate || has_transition) refuse("view");
    return;
  }
  if (table.kind == RelationKind::foreign_table) {
    if (trigger.on_truncate || statement.isconstraint || has_transition) refuse("foreign table");
  }
  const bool fits = table.kind == RelationKind::table || table.kind == RelationKind::partitioned_table ||
                    table.kind == RelationKind::foreign_table;
  if (!fits) {
    execution.fail("42809", fmt::format("relation \"{}\" cannot have triggers", table.name));
  }
  if (trigger.instead_of) refuse(table.kind == RelationKind::foreign_table ? "foreign table" : "table");
}

// OLD and NEW stand for the table.
void read_columns(const Relation& table, const Node& condition, std::vector<int>& reads) {
  if (condition.node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {
    const PgQuery__ColumnRef& reference = *condition.column_ref;
    const Column* column = table.column(string_value(reference.fields[reference.n_fields - 1]));
    if (column && std::ranges::find(reads, column->number) == reads.end()) reads.push_back(column->number);
  }
  each_child(condition, [&](const Node& child) { read_columns(table, child, reads); });
}

Trigger read_trigger(Execution& execution, const PgQuery__CreateTrigStmt& statement, ObjectId table) {
  Trigger trigger{.name = statement.trigname,
                  .row = statement.row != 0,
                  .before = (statement.timing & kBefore) != 0,
                  .instead_of = (statement.timing & kInstead) != 0,
                  .on_insert = (statement.events & kInsert) != 0,
                  .on_update = (statement.events & kUpdate) != 0,
                  .on_delete = (statement.events & kDelete) != 0,
                  .on_truncate = (statement.events & kTruncate) != 0};
  require_kind(execution, *execution.catalog.relations.get(table), trigger, statement);
  for (const std::string& name : string_values(statement.n_columns, statement.columns)) {
    trigger.columns.push_back(column_number(execution, table, name));
  }
  if (statement.when_clause) {
    trigger.when = deparse_expression(*statement.when_clause);
    read_columns(*execution.catalog.relations.get(table), *statement.when_clause, trigger.reads);
    std::ranges::sort(trigger.reads);
  }
  for (const std::string& each : string_values(statement.n_args, statement.args)) trigger.arguments += each + "\\000";
  trigger.function = trigger_function(execution, statement);
  return trigger;
}

// A constraint trigger is a constraint, too.
ObjectId add_constraint_of(Execution& execution, ObjectId table, const PgQuery__CreateTrigStmt& statement) {
  if (!statement.isconstraint) return 0;
  Constraint constraint{.id = execution.catalog.next_id(),
                        .name = statement.trigname,
                        .kind = Constraint::Kind::trigger,
                        .deferrable = statement.deferrable != 0,
                        .initially_deferred = statement.initdeferred != 0};
  const ObjectId id = constraint.id;
  execution.catalog.add_constraint(table, std::move(constraint));
  return id;
}

// Adds it, to the partitions too where it is for each row.
void add_trigger(Execution& execution, ObjectId table, Trigger trigger, const PgQuery__CreateTrigStmt& statement) {
  const Relation& relation = *execution.catalog.relations.get(table);
  const auto existing = std::ranges::find(relation.triggers, trigger.name, &Trigger::name);
  const bool exists = existing != relation.triggers.end();
  if (exists && !statement.replace) {
    execution.fail("42710",
                   fmt::format("trigger \"{}\" for relation \"{}\" already exists", trigger.name, relation.name));
  }
  trigger.id = exists ? existing->id : execution.catalog.next_id();
  trigger.constraint = add_constraint_of(execution, table, statement);
  const std::vector<ObjectId> children =
      relation.kind == RelationKind::partitioned_table && trigger.row ? relation.children : std::vector<ObjectId>();
  std::vector<Trigger>& triggers = execution.catalog.relations.edit(table).triggers;
  std::erase_if(triggers, [&](const Trigger& each) { return each.id == trigger.id; });
  triggers.push_back(trigger);
  for (const ObjectId child : children) {
    execution.lock(child, LockMode::share_row_exclusive);
    Trigger copy = trigger;
    copy.parent = trigger.id;
    copy.columns = same_columns(execution.catalog, table, child, trigger.columns);
    copy.reads = same_columns(execution.catalog, table, child, trigger.reads);
    add_trigger(execution, child, std::move(copy), statement);
  }
}

void execute_trigger(Execution& execution, const Node& node) {
  const PgQuery__CreateTrigStmt& statement = *node.create_trig_stmt;
  const ObjectId table = execution.relation(qualified_name(*statement.relation)).id;
  execution.lock(table, LockMode::share_row_exclusive);
  if (statement.constrrel) {
    execution.lock(execution.relation(qualified_name(*statement.constrrel)).id, LockMode::access_share);
  }
  require_no_catalog(execution, *execution.catalog.relations.get(table));
  add_trigger(execution, table, read_trigger(execution, statement, table), statement);
}

const Registered<StatementKind> kTrigger{
    {.id = "CreateTrigStmt", .node = PG_QUERY__NODE__NODE_CREATE_TRIG_STMT, .execute = execute_trigger}};

}  // namespace
}  // namespace martlet
