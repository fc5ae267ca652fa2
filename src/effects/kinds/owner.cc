// ALTER … OWNER TO, of what is not a relation: ALTER TABLE has its own (alter.c, ExecAlterOwnerStmt).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/definition.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void own_type(Execution& execution, const PgQuery__AlterOwnerStmt& statement, const std::string& owner) {
  const QualifiedName name = object_name(*statement.object);
  const Type* type = require_type(execution, name);
  if (!type) return;
  require_own_type(execution, *type);
  const ObjectId relation = type->relation;
  execution.catalog.types.edit(type->id).owner = owner;
  if (!relation) return;
  execution.lock(relation, LockMode::access_exclusive);
  execution.catalog.relations.edit(relation).owner = owner;
}

void own_function(Execution& execution, const PgQuery__AlterOwnerStmt& statement, const std::string& owner) {
  const PgQuery__ObjectWithArgs& name = *statement.object->object_with_args;
  const Function* function = find_function(execution, name);
  if (function) {
    execution.catalog.functions.edit(function->id).owner = owner;
  } else if (execution.catalog.complete) {
    execution.fail("42883",
                   fmt::format("{} {} does not exist", object_words(statement.object_type), function_text(name)));
  }
}

void own_schema(Execution& execution, const PgQuery__AlterOwnerStmt& statement, const std::string& owner) {
  const std::string name = object_name(*statement.object).name;
  const Schema* schema = execution.catalog.schemas.find("", name);
  if (schema) {
    execution.catalog.schemas.edit(schema->id).owner = owner;
  } else {
    require_schema(execution, name);
  }
}

// Statistics' owner is not in the model.
void require_statistics(const Execution& execution, const QualifiedName& name) {
  if (find_statistics(execution, name) || !execution.catalog.complete) return;
  execution.fail("42704", fmt::format("statistics object \"{}\" does not exist", name.text()));
}

// Both do what only a superuser may.
void require_superuser(const Execution& execution, PgQuery__ObjectType type, const QualifiedName& name,
                       const std::string& owner) {
  const bool asks = type == PG_QUERY__OBJECT_TYPE__OBJECT_FDW || type == PG_QUERY__OBJECT_TYPE__OBJECT_EVENT_TRIGGER;
  const OtherObject* role = asks ? find_other(execution, "role", {"", owner}) : nullptr;
  if (!role || role->superuser) return;
  execution.fail("42501", fmt::format("permission denied to change owner of {} \"{}\"", object_words(type), name.name));
}

void own_other(Execution& execution, const PgQuery__AlterOwnerStmt& statement, const std::string& owner) {
  if (!is_known_by_name(statement.object_type)) return;
  const QualifiedName name = object_name(*statement.object);
  const std::string_view kind = object_words(statement.object_type);
  const OtherObject* other = find_other(execution, kind, name);
  require_superuser(execution, statement.object_type, name, owner);
  if (other) {
    execution.catalog.others.edit(other->id).owner = owner;
  } else if (execution.catalog.complete) {
    execution.fail("42704", fmt::format("{} \"{}\" does not exist", kind, name.text()));
  }
}

void execute_owner(Execution& execution, const Node& node) {
  const PgQuery__AlterOwnerStmt& statement = *node.alter_owner_stmt;
  require_role(execution, *statement.newowner);
  const std::string owner = role_name(execution, *statement.newowner);
  switch (statement.object_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return own_type(execution, statement, owner);
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
      return own_function(execution, statement, owner);
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return own_schema(execution, statement, owner);
    case PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT:
      return require_statistics(execution, object_name(*statement.object));
    default:
      return own_other(execution, statement, owner);
  }
}

const Registered<StatementKind> kOwner{
    {.id = "AlterOwnerStmt", .node = PG_QUERY__NODE__NODE_ALTER_OWNER_STMT, .execute = execute_owner}};

}  // namespace
}  // namespace martlet
