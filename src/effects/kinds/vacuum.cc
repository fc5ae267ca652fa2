// VACUUM and ANALYZE (vacuum.c).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

bool has_option(const PgQuery__VacuumStmt& statement, std::string_view name) {
  for (const Node* each : list(statement.n_options, statement.options)) {
    if (each->def_elem->defname != name) continue;
    const Node* value = each->def_elem->arg;
    return !value || (string_value(value) != "off" && string_value(value) != "false");
  }
  return false;
}

void work_on(Execution& execution, ObjectId id, bool full) {
  const Relation& relation = *execution.catalog.relations.get(id);
  const bool has_rows = relation.is_heap() || relation.kind == RelationKind::partitioned_table;
  // Others are passed over with a warning.
  if (!has_rows && relation.kind != RelationKind::foreign_table) return;
  const std::vector<ObjectId> children =
      relation.kind == RelationKind::partitioned_table ? relation.children : std::vector<ObjectId>();
  if (full && relation.is_heap()) {
    execution.rewrite(id);
  } else {
    execution.lock(id, LockMode::share_update_exclusive);
  }
  for (const ObjectId child : children) work_on(execution, child, full);
}

void require_columns(const Execution& execution, const Relation& table, const PgQuery__VacuumRelation& named) {
  for (const std::string& name : string_values(named.n_va_cols, named.va_cols)) {
    if (table.column(name) || table.columns_unknown) continue;
    execution.fail("42703", fmt::format("column \"{}\" of relation \"{}\" does not exist", name, table.name));
  }
}

void execute_vacuum(Execution& execution, const Node& node) {
  const PgQuery__VacuumStmt& statement = *node.vacuum_stmt;
  if (statement.is_vacuumcmd) execution.refuse_in_transaction("VACUUM");
  const bool full = statement.is_vacuumcmd && has_option(statement, "full");
  for (const Node* each : list(statement.n_rels, statement.rels)) {
    const Relation& table = execution.relation(qualified_name(*each->vacuum_relation->relation));
    require_columns(execution, table, *each->vacuum_relation);
    work_on(execution, table.id, full);
  }
  if (statement.n_rels > 0) return;
  std::vector<ObjectId> all;
  execution.catalog.relations.each_of_users([&](const Relation& each) {
    if (each.is_heap() || each.kind == RelationKind::partitioned_table) all.push_back(each.id);
  });
  for (const ObjectId id : all) work_on(execution, id, full);
}

const Registered<StatementKind> kVacuum{
    {.id = "VacuumStmt", .node = PG_QUERY__NODE__NODE_VACUUM_STMT, .execute = execute_vacuum}};

}  // namespace
}  // namespace martlet
