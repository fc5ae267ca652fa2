// The making of what is only known to exist: roles, languages, servers, …
#include <fmt/format.h>

#include <optional>

#include "base/registry.h"
#include "effects/definition/new_routine.h"
#include "effects/definition/new_type.h"
#include "effects/definition/parts.h"
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

void require_event_function(const Execution& execution, const PgQuery__CreateEventTrigStmt& statement) {
  if (!execution.catalog.complete) return;
  const QualifiedName name = qualified_name(statement.n_funcname, statement.funcname);
  const Function* function = find_function(execution, name, {});
  if (!function) execution.fail("42883", fmt::format("function {}() does not exist", name.text()));
  const Type* result = execution.catalog.types.get(function->returns);
  if (result && result->name == "event_trigger") return;
  execution.fail("42P17", fmt::format("function {} must return type event_trigger", name.text()));
}

bool has_option(std::size_t count, Node* const* options, std::string_view wanted) {
  for (const Node* each : list(count, options)) {
    if (each->def_elem->defname == wanted) return !each->def_elem->arg || option_value(*each->def_elem) == "true";
  }
  return false;
}

// NO HANDLER is the option without a name.
bool has_handler(const PgQuery__CreateFdwStmt& statement) {
  for (const Node* each : list(statement.n_func_options, statement.func_options)) {
    if (std::string_view(each->def_elem->defname) == "handler") return each->def_elem->arg != nullptr;
  }
  return false;
}

std::optional<NewObject> new_object(const Execution& execution, const Node& node) {
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
      require_event_function(execution, *node.create_event_trig_stmt);
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

// What the model keeps more of than a name. False: nothing of the kind.
bool define_routine(Execution& execution, const Node& node) {
  if (node.node_case != PG_QUERY__NODE__NODE_DEFINE_STMT) return false;
  const PgQuery__DefineStmt& statement = *node.define_stmt;
  if (statement.kind == PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE) return define_aggregate(execution, statement), true;
  if (statement.kind == PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR) return define_operator(execution, statement), true;
  return false;
}

void execute_other(Execution& execution, const Node& node) {
  if (is_shell_type(node)) {
    const PgQuery__DefineStmt& shell = *node.define_stmt;
    return add_shell_type(execution, qualified_name(shell.n_defnames, shell.defnames));
  }
  if (define_routine(execution, node)) return;
  const std::optional<NewObject> made = new_object(execution, node);
  if (!made) return execution.assume("the definition is valid");
  OtherObject object{.id = execution.catalog.next_id(),
                     .schema = has_schema(made->kind) ? execution.creation_schema(made->name) : "",
                     .name = made->name.name,
                     .kind = std::string(made->kind),
                     .owner = execution.session.user};
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_ROLE_STMT) {
    object.superuser = has_option(node.create_role_stmt->n_options, node.create_role_stmt->options, "superuser");
  }
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_FDW_STMT) {
    object.has_handler = has_handler(*node.create_fdw_stmt);
  }
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_FOREIGN_SERVER_STMT) {
    object.wrapper = node.create_foreign_server_stmt->fdwname;
  }
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
