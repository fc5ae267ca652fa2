// CREATE STATISTICS (statscmds.c).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/definition/parts.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

std::string kind_letters(const PgQuery__CreateStatsStmt& statement, bool expressions) {
  std::string letters;
  for (const std::string& each : string_values(statement.n_stat_types, statement.stat_types)) {
    if (each == "ndistinct") letters += 'd';
    if (each == "dependencies") letters += 'f';
    if (each == "mcv") letters += 'm';
  }
  if (letters.empty() && statement.n_exprs > 1) letters = "dfm";
  if (expressions) letters += 'e';
  return letters;
}

bool exists(const Relation& table, const std::string& name) {
  return std::ranges::find(table.statistics, name, &Statistics::name) != table.statistics.end();
}

void execute_statistics(Execution& execution, const Node& node) {
  const PgQuery__CreateStatsStmt& statement = *node.create_stats_stmt;
  if (statement.n_relations != 1 || statement.relations[0]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR) {
    execution.fail("0A000", "only a single relation is allowed in CREATE STATISTICS");
  }
  const ObjectId table = execution.relation(qualified_name(*statement.relations[0]->range_var)).id;
  execution.lock(table, LockMode::share_update_exclusive);
  Statistics statistics{.id = execution.catalog.next_id()};
  for (const Node* each : list(statement.n_exprs, statement.exprs)) {
    const PgQuery__StatsElem& element = *each->stats_elem;
    if (element.expr) {
      statistics.expressions.push_back(deparse_expression(*element.expr));
    } else {
      statistics.columns.push_back(column_number(execution, table, element.name));
    }
  }
  if (statistics.columns.size() + statistics.expressions.size() < 2 && statistics.expressions.empty()) {
    execution.fail("42P17", "extended statistics require at least 2 columns");
  }
  statistics.kinds = kind_letters(statement, !statistics.expressions.empty());
  const Relation& relation = *execution.catalog.relations.get(table);
  const QualifiedName name = qualified_name(statement.n_defnames, statement.defnames);
  statistics.name = name.name.empty() ? statistics_name(relation, statistics) : name.name;
  statistics.schema = name.name.empty() ? relation.schema : execution.creation_schema(name);
  if (exists(relation, statistics.name)) {
    if (statement.if_not_exists) return;
    execution.fail("42710", fmt::format("statistics object \"{}\" already exists", statistics.name));
  }
  execution.catalog.relations.edit(table).statistics.push_back(std::move(statistics));
}

const Registered<StatementKind> kStatistics{
    {.id = "CreateStatsStmt", .node = PG_QUERY__NODE__NODE_CREATE_STATS_STMT, .execute = execute_statistics}};

}  // namespace
}  // namespace martlet
