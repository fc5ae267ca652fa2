// CREATE RULE (rewriteDefine.c, DefineRule).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/query/reader.h"
#include "effects/statement_kind.h"
#include "effects/target_kind.h"
#include "sql/walk.h"

namespace martlet {
namespace {

char event_letter(PgQuery__CmdType event) {
  switch (event) {
    case PG_QUERY__CMD_TYPE__CMD_UPDATE:
      return '2';
    case PG_QUERY__CMD_TYPE__CMD_INSERT:
      return '3';
    case PG_QUERY__CMD_TYPE__CMD_DELETE:
      return '4';
    default:
      return '1';
  }
}

// OLD and NEW stand for the table.
void read_old_and_new(const Relation& table, const Node& node, QueryReader& reader) {
  if (node.node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node.column_ref->n_fields == 2) {
    const std::string_view of = string_value(node.column_ref->fields[0]);
    const Column* column = table.column(string_value(node.column_ref->fields[1]));
    if (column && (of == "old" || of == "new")) reader.use(table.id, {column->number});
  }
  each_child(node, [&](const Node& child) { read_old_and_new(table, child, reader); });
}

// The actions are only analysed: their tables are locked, no more.
std::vector<ColumnUse> read_actions(Execution& execution, const PgQuery__RuleStmt& statement, ObjectId table) {
  QueryReader reader(execution);
  reader.until = Until::analysed;
  reader.use(table, {});
  for (const Node* each : list(statement.n_actions, statement.actions)) reader.nested_query(*each);
  const Relation& relation = *execution.catalog.relations.get(table);
  if (statement.where_clause) read_old_and_new(relation, *statement.where_clause, reader);
  for (const Node* each : list(statement.n_actions, statement.actions)) read_old_and_new(relation, *each, reader);
  return reader.dependencies();
}

// DefineQueryRewrite, and what cannot even be opened
void require_kind(const Execution& execution, const Relation& relation) {
  require_no_catalog(execution, relation);
  switch (relation.kind) {
    case RelationKind::table:
    case RelationKind::partitioned_table:
    case RelationKind::view:
      return;
    case RelationKind::materialized_view:
      execution.fail("0A000", "rules on materialized views are not supported");
    case RelationKind::index:
    case RelationKind::partitioned_index:
      execution.fail("42809", fmt::format("\"{}\" is an index", relation.name));
    case RelationKind::composite_type:
      execution.fail("42809", fmt::format("\"{}\" is a composite type", relation.name));
    default:
      execution.fail("42809", fmt::format("relation \"{}\" cannot have rules", relation.name));
  }
}

// checkRuleResultList
void require_same_columns(Execution& execution, const Relation& relation, const PgQuery__SelectStmt& query) {
  QueryReader reader(execution);
  reader.until = Until::analysed;
  bool all_known = true;
  const std::vector<Column> result = result_columns(reader, query, all_known);
  if (!all_known || relation.columns_unknown) return;
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (i >= relation.columns.size()) execution.fail("42P17", "SELECT rule's target list has too many entries");
    if (result[i].name == relation.columns[i].name) continue;
    execution.fail("42P17", fmt::format("SELECT rule's target entry {} has different column name from column \"{}\"",
                                        i + 1, relation.columns[i].name));
  }
  if (result.size() < relation.columns.size()) {
    execution.fail("42P17", "SELECT rule's target list has too few entries");
  }
}

// ON SELECT makes a view of a table, in the way of old.
void select_rule(Execution& execution, const PgQuery__RuleStmt& statement, const Relation& relation) {
  if (statement.n_actions == 0) execution.fail("0A000", "INSTEAD NOTHING rules on SELECT are not implemented");
  if (statement.n_actions > 1) execution.fail("0A000", "multiple actions for rules on SELECT are not implemented");
  if (!statement.instead || statement.actions[0]->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) {
    execution.fail("0A000", "rules on SELECT must have action INSTEAD SELECT");
  }
  if (statement.where_clause) execution.fail("0A000", "event qualifications are not implemented for rules on SELECT");
  require_same_columns(execution, relation, *statement.actions[0]->select_stmt);
  if (relation.kind == RelationKind::view && !statement.replace) {
    execution.fail("55000", fmt::format("\"{}\" is already a view", relation.name));
  }
  if (std::string_view(statement.rulename) != "_RETURN") {
    execution.fail("42P17", fmt::format("view rule for \"{}\" must be named \"_RETURN\"", relation.name));
  }
  execution.not_known("a table that becomes a view by a rule is not in the model");
}

void add_rule(Execution& execution, ObjectId table, const PgQuery__RuleStmt& statement, Rule rule) {
  const Relation& relation = *execution.catalog.relations.get(table);
  const bool exists = std::ranges::find(relation.rules, rule.name, &Rule::name) != relation.rules.end();
  if (exists && !statement.replace) {
    execution.fail("42710", fmt::format("rule \"{}\" for relation \"{}\" already exists", rule.name, relation.name));
  }
  execution.catalog.change_reader(table, [&](Relation& changed) {
    std::erase_if(changed.rules, [&](const Rule& each) { return each.name == rule.name; });
    changed.rules.push_back(std::move(rule));
  });
}

void execute_rule(Execution& execution, const Node& node) {
  const PgQuery__RuleStmt& statement = *node.rule_stmt;
  const ObjectId table = execution.relation(qualified_name(*statement.relation)).id;
  execution.lock(table, LockMode::access_exclusive);
  require_kind(execution, *execution.catalog.relations.get(table));
  Rule rule{.id = execution.catalog.next_id(),
            .name = statement.rulename,
            .event = event_letter(statement.event),
            .instead = statement.instead != 0,
            .uses = read_actions(execution, statement, table),
            .definition = deparse_statement(node)};
  if (rule.event == '1') return select_rule(execution, statement, *execution.catalog.relations.get(table));
  add_rule(execution, table, statement, std::move(rule));
}

const Registered<StatementKind> kRule{
    {.id = "RuleStmt", .node = PG_QUERY__NODE__NODE_RULE_STMT, .execute = execute_rule}};

}  // namespace
}  // namespace martlet
