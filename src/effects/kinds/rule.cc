// CREATE RULE (rewriteDefine.c, DefineRule).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/query/dml.h"
#include "effects/statement_kind.h"

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

// The actions are only analysed: their tables are locked, no more. OLD and NEW are relations to them.
std::vector<ColumnUse> read_actions(Execution& execution, const PgQuery__RuleStmt& statement) {
  std::vector<ColumnUse> uses;
  for (const Node* each : list(statement.n_actions, statement.actions)) {
    const PgQuery__RangeVar* target = nullptr;
    if (each->node_case == PG_QUERY__NODE__NODE_INSERT_STMT) target = each->insert_stmt->relation;
    if (each->node_case == PG_QUERY__NODE__NODE_UPDATE_STMT) target = each->update_stmt->relation;
    if (each->node_case == PG_QUERY__NODE__NODE_DELETE_STMT) target = each->delete_stmt->relation;
    if (!target) {
      if (each->node_case == PG_QUERY__NODE__NODE_SELECT_STMT) execution.assume("the SELECT of the rule is valid");
      continue;
    }
    const ObjectId table = execution.relation(qualified_name(*target)).id;
    execution.lock(table, LockMode::row_exclusive);
    uses.push_back({table, 0});
  }
  return uses;
}

void execute_rule(Execution& execution, const Node& node) {
  const PgQuery__RuleStmt& statement = *node.rule_stmt;
  const ObjectId table = execution.relation(qualified_name(*statement.relation)).id;
  execution.lock(table, LockMode::access_exclusive);
  Rule rule{.id = execution.catalog.next_id(),
            .name = statement.rulename,
            .event = event_letter(statement.event),
            .instead = statement.instead != 0,
            .uses = read_actions(execution, statement),
            .definition = execution.statement.text};
  if (statement.instead && statement.n_actions == 0) rule.definition += " DO INSTEAD NOTHING";
  const Relation& relation = *execution.catalog.relations.get(table);
  const auto existing = std::ranges::find(relation.rules, rule.name, &Rule::name);
  const bool exists = existing != relation.rules.end();
  if (exists && !statement.replace) {
    execution.fail("42710", fmt::format("rule \"{}\" for relation \"{}\" already exists", rule.name, relation.name));
  }
  for (const ColumnUse& use : rule.uses) {
    if (use.relation == table) continue;
    std::vector<ObjectId>& readers = execution.catalog.relations.edit(use.relation).dependents;
    if (std::ranges::find(readers, table) == readers.end()) readers.push_back(table);
  }
  std::vector<Rule>& rules = execution.catalog.relations.edit(table).rules;
  std::erase_if(rules, [&](const Rule& each) { return each.name == rule.name; });
  rules.push_back(std::move(rule));
}

const Registered<StatementKind> kRule{
    {.id = "RuleStmt", .node = PG_QUERY__NODE__NODE_RULE_STMT, .execute = execute_rule}};

}  // namespace
}  // namespace martlet
