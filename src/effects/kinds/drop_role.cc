// DROP ROLE.
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

bool owns_something(const Catalog& catalog, const std::string& role) {
  bool owns = false;
  const auto look = [&](const auto& each) { owns |= each.owner == role; };
  catalog.relations.each_of_users(look);
  catalog.types.each_of_users(look);
  catalog.functions.each_of_users(look);
  catalog.schemas.each_of_users(look);
  return owns;
}

void execute_drop_role(Execution& execution, const Node& node) {
  const PgQuery__DropRoleStmt& statement = *node.drop_role_stmt;
  for (const Node* each : list(statement.n_roles, statement.roles)) {
    const std::string name = role_name(execution, *each->role_spec);
    const OtherObject* role = find_other(execution, "role", {"", name});
    if (!role) {
      if (statement.missing_ok || !execution.catalog.complete) continue;
      execution.fail("42704", fmt::format("role \"{}\" does not exist", name));
    }
    if (owns_something(execution.catalog, name)) {
      execution.fail("2BP01", fmt::format("role \"{}\" cannot be dropped because some objects depend on it", name));
    }
    execution.catalog.others.remove(role->id);
  }
}

const Registered<StatementKind> kDropRole{
    {.id = "DropRoleStmt", .node = PG_QUERY__NODE__NODE_DROP_ROLE_STMT, .execute = execute_drop_role}};

}  // namespace
}  // namespace martlet
