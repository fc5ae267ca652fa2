#include <fmt/format.h>

#include <set>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

// Targets with a subscript or a field may come several times.
void look_at(const Case& at, std::size_t count, Node* const* targets, std::string_view verb, Findings& found) {
  std::set<std::string_view> seen;
  for (const Node* each : list(count, targets)) {
    if (each->node_case != PG_QUERY__NODE__NODE_RES_TARGET) continue;
    const PgQuery__ResTarget& target = *each->res_target;
    if (!*target.name || target.n_indirection > 0) continue;
    if (seen.insert(target.name).second) continue;
    found.add(at, fmt::format("fails: {} is {} twice", QualifiedName{"", target.name}.text(), verb), target.location);
  }
}

void look_at_insert(const Case& at, const PgQuery__InsertStmt& insert, Findings& found) {
  look_at(at, insert.n_cols, insert.cols, "named", found);
  if (const PgQuery__OnConflictClause* conflict = insert.on_conflict_clause) {
    look_at(at, conflict->n_target_list, conflict->target_list, "set", found);
  }
}

void look_at_merge(const Case& at, const PgQuery__MergeStmt& merge, Findings& found) {
  for (const Node* each : list(merge.n_merge_when_clauses, merge.merge_when_clauses)) {
    const PgQuery__MergeWhenClause& when = *each->merge_when_clause;
    const bool inserts = when.command_type == PG_QUERY__CMD_TYPE__CMD_INSERT;
    look_at(at, when.n_target_list, when.target_list, inserts ? "named" : "set", found);
  }
}

void look_at_columns(const Case& at, Findings& found) {
  std::set<std::string_view> seen;
  each_written_column(*at.node, [&](const WrittenColumn& column) {
    if (column.by == WrittenColumn::By::retype || seen.insert(column.name).second) return;
    found.add(at,
              fmt::format("fails: the column {} is defined twice", QualifiedName{"", std::string(column.name)}.text()),
              column.definition.location);
  });
}

void check(const Case& at, Findings& found) {
  switch (at.node->node_case) {
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return look_at(at, at.node->update_stmt->n_target_list, at.node->update_stmt->target_list, "set", found);
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      return look_at_insert(at, *at.node->insert_stmt, found);
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return look_at_merge(at, *at.node->merge_stmt, found);
    default:
      return look_at_columns(at, found);
  }
}

const Registered<Hazard> kHazard{{
    .id = "duplicate-assignment",
    .severity = Hazard::Severity::error,
    .summary = "a column is set, named or defined twice in one statement",
    .why = "PostgreSQL refuses it: multiple assignments to the same column (42601), column specified more than once "
           "(42701).",
    .safe_form = "Say it once.",
    .on = {PG_QUERY__NODE__NODE_UPDATE_STMT, PG_QUERY__NODE__NODE_INSERT_STMT, PG_QUERY__NODE__NODE_MERGE_STMT,
           PG_QUERY__NODE__NODE_CREATE_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
