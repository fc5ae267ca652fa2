#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"
#include "hazard/sqlite_alter.h"
#include "hazard/sqlite_insert.h"
#include "sql/walk.h"

namespace martlet {
namespace {

bool reads_rows(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_SUB_LINK || node.node_case == PG_QUERY__NODE__NODE_COLUMN_REF ||
      node.node_case == PG_QUERY__NODE__NODE_PARAM_REF) {
    return true;
  }
  bool reads = false;
  each_child(node, [&](const Node& child) { reads = reads || reads_rows(child); });
  return reads;
}

// How many rows of constants the statement inserts; 0 = they come from somewhere.
std::size_t constant_rows(const PgQuery__InsertStmt& insert) {
  const bool knows_rows_of_others = insert.on_conflict_clause != nullptr;
  if (!insert.select_stmt || insert.with_clause || knows_rows_of_others) return 0;
  const PgQuery__SelectStmt& select = *insert.select_stmt->select_stmt;
  if (select.n_values_lists == 0) {
    const bool has_source = select.n_from_clause > 0 || select.larg || select.with_clause;
    if (has_source) return 0;
    for (const Node* each : list(select.n_target_list, select.target_list)) {
      if (reads_rows(*each)) return 0;
    }
    return 1;
  }
  for (const Node* row : list(select.n_values_lists, select.values_lists)) {
    if (reads_rows(*row)) return 0;
  }
  return select.n_values_lists;
}

void add(const Case& at, const PgQuery__RangeVar& table, std::string_view rows, Findings& found) {
  const std::string name = shown(table);
  HazardFinding& finding = found.add(at, fmt::format("{} written into {}, which is there already", rows, name));
  finding.relations = {name};
  found.offer(finding, at, at.relation(&table));
}

std::string rows_of_constants(std::size_t rows) {
  return rows == 1 ? "one row of constants is" : fmt::format("{} rows of constants are", rows);
}

void check_sqlite(const Case& at, Findings& found) {
  const std::optional<SqliteInsert> insert = sqlite_insert(at.statement.text);
  if (!insert || insert->minds_conflicts || at.state.made_tables.contains(sqlite_name(insert->table))) return;
  for (const std::vector<SqliteValue>& row : insert->rows) {
    if (!std::ranges::all_of(row, &SqliteValue::is_constant)) return;
  }
  found
      .add(at, fmt::format("{} written into {}, which is there already", rows_of_constants(insert->rows.size()),
                           insert->table))
      .relations = {insert->table};
}

void check(const Case& at, Findings& found) {
  if (at.sqlite) return check_sqlite(at, found);
  if (at.node->node_case == PG_QUERY__NODE__NODE_COPY_STMT) {
    const PgQuery__CopyStmt& copy = *at.node->copy_stmt;
    if (at.statement.is_copy_in && is_live(at, copy.relation)) add(at, *copy.relation, "rows are", found);
    return;
  }
  const PgQuery__InsertStmt& insert = *at.node->insert_stmt;
  const std::size_t rows = constant_rows(insert);
  if (rows == 0 || !is_live(at, insert.relation)) return;
  add(at, *insert.relation, rows_of_constants(rows), found);
}

const Registered<Hazard> kHazard{{
    .id = "seed-data",
    .severity = Hazard::Severity::warning,
    .summary = "rows of constants are inserted into a table in use",
    .why =
        "The rows meet others that users have made: keys collide, or the same thing is there twice. What is right as "
        "data for development is wrong in production, and a down part cannot tell its rows from theirs.",
    .safe_form =
        "Keep data for development in seeds/ (`martlet seed`). Rows that belong to the schema are inserted in the "
        "file that creates the table; later ones with ON CONFLICT on a natural key.",
    .recipe = "insert-once",
    .on = {PG_QUERY__NODE__NODE_INSERT_STMT, PG_QUERY__NODE__NODE_COPY_STMT},
    .check = check,
    .both_dialects = true,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
