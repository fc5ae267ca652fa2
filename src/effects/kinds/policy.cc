// CREATE POLICY and ALTER POLICY (policy.c).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/lookup.h"
#include "effects/query/reader.h"
#include "effects/statement_kind.h"
#include "effects/target_kind.h"
#include "sql/tree.h"

namespace martlet {
namespace {

char command_letter(std::string_view command) {
  if (command == "select") return 'r';
  if (command == "insert") return 'a';
  if (command == "update") return 'w';
  if (command == "delete") return 'd';
  return '*';
}

std::vector<std::string> role_names(Execution& execution, std::size_t count, Node* const* roles) {
  std::vector<std::string> names;
  for (const Node* each : list(count, roles)) {
    const PgQuery__RoleSpec& role = *each->role_spec;
    require_role(execution, role);
    const bool everybody = role.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC;
    names.push_back(everybody ? "public" : role_name(execution, role));
  }
  return names;
}

// An expression of the policy: what it reads is locked ACCESS SHARE, nothing runs.
std::string read_expression(Execution& execution, ObjectId table, const Node* expression, Policy& policy) {
  if (!expression) return "";
  QueryReader reader(execution);
  reader.until = Until::analysed;
  reader.expression(*expression);
  const Relation& relation = *execution.catalog.relations.get(table);
  reader.columns(*expression, {{.relation = table, .name = relation.name}});
  const std::vector<ColumnUse> uses = reader.dependencies();
  policy.uses.insert(policy.uses.end(), uses.begin(), uses.end());
  return deparse_expression(*expression);
}

// The expression that stays is read again: what it uses is kept together with what the other one does.
void read_again(Execution& execution, ObjectId table, const std::string& sql, Policy& policy) {
  if (sql.empty()) return;
  visit_trees({{.text = "SELECT " + sql}}, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (node) read_expression(execution, table, node->select_stmt->target_list[0]->res_target->val, policy);
  });
}

ObjectId lock_table(Execution& execution, const PgQuery__RangeVar& range) {
  const Relation& table = execution.relation(qualified_name(range));
  require_no_catalog(execution, table);
  execution.lock(table.id, LockMode::access_exclusive);
  if (table.kind != RelationKind::table && table.kind != RelationKind::partitioned_table) {
    execution.fail("42809", fmt::format("\"{}\" is not a table", table.name));
  }
  return table.id;
}

void create_policy(Execution& execution, const PgQuery__CreatePolicyStmt& statement) {
  const ObjectId table = lock_table(execution, *statement.table);
  Policy policy{.id = execution.catalog.next_id(),
                .name = statement.policy_name,
                .command = command_letter(statement.cmd_name),
                .permissive = statement.permissive != 0,
                .roles = role_names(execution, statement.n_roles, statement.roles)};
  policy.using_sql = read_expression(execution, table, statement.qual, policy);
  policy.check_sql = read_expression(execution, table, statement.with_check, policy);
  const Relation& relation = *execution.catalog.relations.get(table);
  if (std::ranges::find(relation.policies, policy.name, &Policy::name) != relation.policies.end()) {
    execution.fail("42710", fmt::format("policy \"{}\" for table \"{}\" already exists", policy.name, relation.name));
  }
  execution.catalog.change_reader(table, [&](Relation& changed) { changed.policies.push_back(std::move(policy)); });
}

void change_expression(Execution& execution, ObjectId table, const Node* changed, Policy& policy, std::string& sql) {
  if (changed) {
    sql = read_expression(execution, table, changed, policy);
  } else {
    read_again(execution, table, sql, policy);
  }
}

void alter_policy(Execution& execution, const PgQuery__AlterPolicyStmt& statement) {
  const ObjectId table = lock_table(execution, *statement.table);
  const Relation& relation = *execution.catalog.relations.get(table);
  const auto at = std::ranges::find(relation.policies, std::string_view(statement.policy_name), &Policy::name);
  Policy policy = at == relation.policies.end() ? Policy() : *at;
  policy.uses.clear();
  if (statement.n_roles > 0) policy.roles = role_names(execution, statement.n_roles, statement.roles);
  change_expression(execution, table, statement.qual, policy, policy.using_sql);
  change_expression(execution, table, statement.with_check, policy, policy.check_sql);
  if (policy.name.empty()) {
    if (relation.assumed) return;
    execution.fail("42704",
                   fmt::format("policy \"{}\" for table \"{}\" does not exist", statement.policy_name, relation.name));
  }
  execution.catalog.change_reader(
      table, [&](Relation& altered) { *std::ranges::find(altered.policies, policy.name, &Policy::name) = policy; });
}

void execute_policy(Execution& execution, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_POLICY_STMT) {
    return create_policy(execution, *node.create_policy_stmt);
  }
  alter_policy(execution, *node.alter_policy_stmt);
}

const Registered<StatementKind> kPolicy{{.id = "CreatePolicyStmt",
                                         .node = PG_QUERY__NODE__NODE_CREATE_POLICY_STMT,
                                         .execute = execute_policy,
                                         .also = {PG_QUERY__NODE__NODE_ALTER_POLICY_STMT}}};

}  // namespace
}  // namespace martlet
