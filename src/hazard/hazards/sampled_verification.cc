#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"
#include "sql/walk.h"

namespace martlet {
namespace {

bool is_random(const Node& sort) {
  const Node* by = sort.sort_by->node;
  if (!by || by->node_case != PG_QUERY__NODE__NODE_FUNC_CALL) return false;
  return string_value(by->func_call->funcname[by->func_call->n_funcname - 1]) == "random";
}

bool samples(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE) return true;
  if (node.node_case == PG_QUERY__NODE__NODE_SELECT_STMT) {
    const PgQuery__SelectStmt& select = *node.select_stmt;
    if (select.limit_count && select.n_sort_clause > 0 && is_random(*select.sort_clause[0])) return true;
  }
  bool found = false;
  each_child(node, [&](const Node& child) { found = found || samples(child); });
  return found;
}

constexpr std::string_view kMessage = "a random sample proves nothing about the rows that are not in it";

void check(const Case& at, Findings& found) {
  if (at.statement.text.find('(') == std::string::npos) return;
  if (samples(*at.node)) found.add(at, std::string(kMessage));
}

void check_migration(const Migration& migration, const Catalog&, const RunState&, Findings& found) {
  for (const Check& each : migration.checks) {
    const std::string sql = lower(each.sql);
    if (sql.find("random()") == std::string::npos && sql.find("tablesample") == std::string::npos) continue;
    found.add(migration, std::string(kMessage), each.place.line);
  }
}

const Registered<Hazard> kHazard{{
    .id = "sampled-verification",
    .severity = Hazard::Severity::warning,
    .summary = "a copy is called verified after looking at a random sample",
    .why = "Counts are equal when one row is missing and another is there twice, and a sample of 100 rows finds one "
           "wrong row "
           "in 10,000 once in a hundred times. What was lost is then found by users.",
    .safe_form =
        "Compare all rows: both ways EXCEPT over the columns, or hashes by ranges of the key, as a -- martlet:check.",
    .on = {PG_QUERY__NODE__NODE_SELECT_STMT},
    .check = check,
    .check_migration = check_migration,
}};

}  // namespace
}  // namespace martlet
