// GRANT and REVOKE: no relation is locked. Privileges are not in the model, only that what is named exists.
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

// GRANT SELECT (column): system columns are columns too (aclchk.c, expand_col_privileges).
void require_columns(Execution& execution, const PgQuery__GrantStmt& statement, const Relation& relation) {
  if (relation.columns_unknown) return;
  for (const Node* privilege : list(statement.n_privileges, statement.privileges)) {
    for (const std::string& name : string_values(privilege->access_priv->n_cols, privilege->access_priv->cols)) {
      if (relation.column(name) || is_system_column(name)) continue;
      execution.fail("42703", fmt::format("column \"{}\" of relation \"{}\" does not exist", name, relation.name));
    }
  }
}

// ExecGrant_Relation
void require_relation(Execution& execution, const PgQuery__GrantStmt& statement, const Node& object) {
  const Relation& relation = execution.relation(object_name(object));
  if (relation.is_index()) execution.fail("42809", fmt::format("\"{}\" is an index", relation.name));
  if (relation.kind == RelationKind::composite_type) {
    execution.fail("42809", fmt::format("\"{}\" is a composite type", relation.name));
  }
  if (statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE && relation.kind != RelationKind::sequence) {
    execution.fail("42809", fmt::format("\"{}\" is not a sequence", relation.name));
  }
  require_columns(execution, statement, relation);
}

void require_object(Execution& execution, const PgQuery__GrantStmt& statement, const Node& object) {
  switch (statement.objtype) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      if (statement.targtype == PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_ALL_IN_SCHEMA) {
        return require_schema(execution, object_name(object).name);
      }
      if (execution.catalog.complete) require_relation(execution, statement, object);
      return;
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return require_schema(execution, object_name(object).name);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return static_cast<void>(require_type(execution, object_name(object)));
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE: {
      if (object.node_case != PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS || !execution.catalog.complete) return;
      const PgQuery__ObjectWithArgs& name = *object.object_with_args;
      if (find_function(execution, name)) return;
      execution.fail("42883",
                     fmt::format("{} {} does not exist", object_words(statement.objtype), function_text(name)));
    }
    default:
      return;
  }
}

void execute_grant(Execution& execution, const Node& node) {
  const PgQuery__GrantStmt& statement = *node.grant_stmt;
  for (const Node* each : list(statement.n_grantees, statement.grantees)) require_role(execution, *each->role_spec);
  for (const Node* each : list(statement.n_objects, statement.objects)) require_object(execution, statement, *each);
}

const Registered<StatementKind> kGrant{
    {.id = "GrantStmt", .node = PG_QUERY__NODE__NODE_GRANT_STMT, .execute = execute_grant}};

}  // namespace
}  // namespace martlet
