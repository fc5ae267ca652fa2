// The making of what is only known to exist: roles, languages, servers, …
#include <fmt/format.h>

#include <optional>

#include "base/registry.h"
#include "effects/definition/new_type.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

struct NewObject {
  std::string_view kind;
  QualifiedName name;
  bool may_exist = false;  // IF NOT EXISTS or OR REPLACE
};

std::optional<NewObject> of_definition(const PgQuery__DefineStmt& statement) {
  const QualifiedName name = qualified_name(statement.n_defnames, statement.defnames);
  switch (statement.kind) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSCONFIGURATION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSDICTIONARY:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSPARSER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSTEMPLATE:
      return NewObject{object_words(statement.kind), name, statement.if_not_exists != 0};
    default:
      return std::nullopt;
  }
}

std::optional<NewObject> new_object(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
      return NewObject{"role", {"", node.create_role_stmt->role}};
    case PG_QUERY__NODE__NODE_CREATE_PLANG_STMT:
      return NewObject{"language", {"", node.create_plang_stmt->plname}, node.create_plang_stmt->replace != 0};
    case PG_QUERY__NODE__NODE_CREATE_FDW_STMT:
      return NewObject{"foreign data wrapper", {"", node.create_fdw_stmt->fdwname}};
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_SERVER_STMT:
      return NewObject{"server",
                       {"", node.create_foreign_server_stmt->servername},
                       node.create_foreign_server_stmt->if_not_exists != 0};
    case PG_QUERY__NODE__NODE_CREATE_EVENT_TRIG_STMT:
      return NewObject{"event trigger", {"", node.create_event_trig_stmt->trigname}};
    case PG_QUERY__NODE__NODE_CREATE_AM_STMT:
      return NewObject{"access method", {"", node.create_am_stmt->amname}};
    case PG_QUERY__NODE__NODE_CREATE_CONVERSION_STMT: {
      const PgQuery__CreateConversionStmt& statement = *node.create_conversion_stmt;
      return NewObject{"conversion", qualified_name(statement.n_conversion_name, statement.conversion_name)};
    }
    case PG_QUERY__NODE__NODE_DEFINE_STMT:
      return of_definition(*node.define_stmt);
    default:
      return std::nullopt;
  }
}

bool is_shell_type(const Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_DEFINE_STMT &&
         node.define_stmt->kind == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE && node.define_stmt->n_definition == 0;
}

bool has_schema(std::string_view kind) {
  return kind == "collation" || kind == "conversion" || kind.starts_with("text search");
}

void execute_other(Execution& execution, const Node& node) {
  if (is_shell_type(node)) {
    const PgQuery__DefineStmt& shell = *node.define_stmt;
    return add_shell_type(execution, qualified_name(shell.n_defnames, shell.defnames));
  }
  const std::optional<NewObject> made = new_object(node);
  if (!made) return execution.assume("the definition is valid");
  OtherObject object{.id = execution.catalog.next_id(),
                     .schema = has_schema(made->kind) ? execution.creation_schema(made->name) : "",
                     .name = made->name.name,
                     .kind = std::string(made->kind),
                     .owner = execution.session.user};
  if (find_other(execution, made->kind, {object.schema, object.name})) {
    if (made->may_exist) return;
    execution.fail("42710", fmt::format("{} \"{}\" already exists", made->kind, made->name.name));
  }
  execution.catalog.others.add(std::move(object));
}

const Registered<StatementKind> kOther{
    {.id = "DefineStmt",
     .node = PG_QUERY__NODE__NODE_DEFINE_STMT,
     .execute = execute_other,
     .also = {PG_QUERY__NODE__NODE_CREATE_ROLE_STMT, PG_QUERY__NODE__NODE_CREATE_PLANG_STMT,
              PG_QUERY__NODE__NODE_CREATE_FDW_STMT, PG_QUERY__NODE__NODE_CREATE_FOREIGN_SERVER_STMT,
              PG_QUERY__NODE__NODE_CREATE_EVENT_TRIG_STMT, PG_QUERY__NODE__NODE_CREATE_AM_STMT,
              PG_QUERY__NODE__NODE_CREATE_CONVERSION_STMT}}};

}  // namespace
}  // namespace martlet
