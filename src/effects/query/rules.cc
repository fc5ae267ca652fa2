#include "effects/query/rules.h"

#include <fmt/format.h>

#include "sql/tree.h"

namespace martlet {
namespace {

char event_of(RowChange change) {
  return change == RowChange::update ? '2' : change == RowChange::insert ? '3' : '4';
}

std::string_view words_of(RowChange change) {
  return change == RowChange::update ? "UPDATE" : change == RowChange::insert ? "INSERT" : "DELETE";
}

/// A rule as its CREATE RULE says it.
struct ReadRule {
  bool known = false;
  bool conditional = false;
  std::size_t actions = 0;
  bool returning = false;  // an action gives rows back
};

bool has_returning(const Node& action) {
  switch (action.node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      return action.insert_stmt->n_returning_list > 0;
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return action.update_stmt->n_returning_list > 0;
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return action.delete_stmt->n_returning_list > 0;
    default:
      return false;
  }
}

// Calls `visit` with the rule's CREATE RULE statement, where it is known.
template <class Visit>
void with_definition(const Rule& rule, const Visit& visit) {
  if (rule.definition.empty()) return;
  visit_trees({{.text = rule.definition}}, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (node && node->node_case == PG_QUERY__NODE__NODE_RULE_STMT) visit(*node->rule_stmt);
  });
}

ReadRule read_rule(const Rule& rule) {
  ReadRule read;
  with_definition(rule, [&](const PgQuery__RuleStmt& statement) {
    read.known = true;
    read.conditional = statement.where_clause != nullptr;
    read.actions = statement.n_actions;
    for (const Node* each : list(statement.n_actions, statement.actions)) read.returning |= has_returning(*each);
  });
  return read;
}

// RewriteQuery, on the queries of WITH.
void require_allowed_in_with(const Execution& execution, const Rule& rule, const ReadRule& read) {
  if (rule.instead && !read.conditional && read.actions == 1) return;
  const std::string_view what = !rule.instead      ? "DO ALSO"
                                : read.conditional ? "conditional DO INSTEAD"
                                : read.actions > 1 ? "multi-statement DO INSTEAD"
                                                   : "DO INSTEAD NOTHING";
  execution.fail("0A000", fmt::format("{} rules are not supported for data-modifying statements in WITH", what));
}

void run_actions(QueryReader& reader, const Rule& rule) {
  with_definition(rule, [&](const PgQuery__RuleStmt& statement) {
    for (const Node* each : list(statement.n_actions, statement.actions)) reader.nested_query(*each);
  });
}

}  // namespace

Ruled apply_rules(QueryReader& reader, ObjectId relation, RowChange change, bool returning) {
  Execution& execution = reader.execution;
  const Relation& table = *execution.catalog.relations.get(relation);
  const std::vector<Rule> rules = table.rules;
  Ruled ruled = Ruled::as_written;
  bool refuses_returning = false, gives_rows = false;
  for (const Rule& rule : rules) {
    if (rule.event != event_of(change) || rule.enabled == 'D' || rule.enabled == 'R') continue;
    const ReadRule read = read_rule(rule);
    if (!read.known) execution.not_known(fmt::format("what the rule {} of {} does", rule.name, table.name));
    if (reader.in_with) require_allowed_in_with(execution, rule, read);
    refuses_returning |= rule.instead;
    gives_rows |= read.returning;
    if (rule.instead && !read.conditional) ruled = Ruled::replaced;
    run_actions(reader, rule);
  }
  if (returning && refuses_returning && !gives_rows) {
    execution.fail("0A000",
                   fmt::format("cannot perform {} RETURNING on relation \"{}\"", words_of(change), table.name));
  }
  return ruled;
}

}  // namespace martlet
