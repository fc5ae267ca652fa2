#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool to_public(std::size_t count, Node* const* roles) {
  return std::ranges::any_of(list(count, roles), [](const Node* each) {
    return each->role_spec->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC;
  });
}

std::string privileges_of(const PgQuery__GrantStmt& grant) {
  if (grant.n_privileges == 0) return "ALL";
  std::vector<std::string> names;
  for (const Node* each : list(grant.n_privileges, grant.privileges)) {
    std::string name = each->access_priv->priv_name;
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::toupper(c); });
    names.push_back(std::move(name));
  }
  return join(names, ", ");
}

// What everybody has from the beginning (documentation, section 5.7).
bool is_default(const PgQuery__GrantStmt& grant) {
  switch (grant.objtype) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_LANGUAGE:
      return true;
    default:
      return false;
  }
}

void look_at_grant(const Case& at, const PgQuery__GrantStmt& grant, Findings& found) {
  if (!grant.is_grant) return;
  if (to_public(grant.n_grantees, grant.grantees) && !is_default(grant)) {
    const bool defaults = grant.targtype == PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_DEFAULTS;
    found.add(at, fmt::format("everybody gets {}{}", privileges_of(grant), defaults ? " on all that is created" : ""));
  } else if (grant.grant_option) {
    found.add(at, fmt::format("who gets {} can pass it on to anybody", privileges_of(grant)));
  }
}

// Roles that reach beyond the database's own rights (documentation, section 22.5).
bool is_powerful(std::string_view role) {
  return is_one_of(role, {"pg_execute_server_program", "pg_read_server_files", "pg_write_server_files",
                          "pg_read_all_data", "pg_write_all_data", "pg_signal_backend"});
}

void look_at_membership(const Case& at, const PgQuery__GrantRoleStmt& grant, Findings& found) {
  if (!grant.is_grant) return;
  for (const Node* each : list(grant.n_granted_roles, grant.granted_roles)) {
    const std::string_view role = each->access_priv->priv_name;
    if (is_powerful(role)) found.add(at, fmt::format("{} reaches beyond the rights on single tables", role));
  }
  if (grant.admin_opt) found.add(at, "who gets the role can pass it on to anybody");
}

void look_at_role(const Case& at, std::span<Node* const> options, Findings& found) {
  for (const Node* each : options) {
    const PgQuery__DefElem& option = *each->def_elem;
    const std::string_view name = option.defname;
    const bool on = option.arg && option.arg->node_case == PG_QUERY__NODE__NODE_BOOLEAN && option.arg->boolean->boolval;
    if (!on) continue;
    if (name == "superuser") found.add(at, "a superuser passes every check of rights");
    if (name == "bypassrls") found.add(at, "row level security does not hold for the role");
    if (name == "createrole") found.add(at, "the role can give itself any role that is no superuser");
  }
}

void check(const Case& at, Findings& found) {
  const Node& node = *at.node;
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_GRANT_STMT:
      return look_at_grant(at, *node.grant_stmt, found);
    case PG_QUERY__NODE__NODE_ALTER_DEFAULT_PRIVILEGES_STMT:
      return look_at_grant(at, *node.alter_default_privileges_stmt->action, found);
    case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
      return look_at_membership(at, *node.grant_role_stmt, found);
    case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
      return look_at_role(at, list(node.create_role_stmt->n_options, node.create_role_stmt->options), found);
    default:
      return look_at_role(at, list(node.alter_role_stmt->n_options, node.alter_role_stmt->options), found);
  }
}

const Registered<Hazard> kHazard{{
    .id = "grant-widening",
    .severity = Hazard::Severity::warning,
    .summary = "rights for everybody, rights that can be passed on, roles above the rules",
    .why = "PUBLIC is every role of the cluster, those of other applications and those created later included. What "
           "may be "
           "passed on is no longer known from the migrations.",
    .safe_form = "Grant single privileges to a named role.",
    .on = {PG_QUERY__NODE__NODE_GRANT_STMT, PG_QUERY__NODE__NODE_ALTER_DEFAULT_PRIVILEGES_STMT,
           PG_QUERY__NODE__NODE_GRANT_ROLE_STMT, PG_QUERY__NODE__NODE_CREATE_ROLE_STMT,
           PG_QUERY__NODE__NODE_ALTER_ROLE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
