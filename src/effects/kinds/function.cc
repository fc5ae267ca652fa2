// CREATE FUNCTION and CREATE PROCEDURE, ALTER FUNCTION (functioncmds.c).
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/registry.h"
#include "base/text.h"
#include "effects/definition.h"
#include "effects/definition/parts.h"
#include "effects/lookup.h"
#include "effects/query/reader.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

char mode_letter(PgQuery__FunctionParameterMode mode) {
  switch (mode) {
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT:
      return 'o';
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_INOUT:
      return 'b';
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_VARIADIC:
      return 'v';
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE:
      return 't';
    default:
      return 'i';
  }
}

void read_parameters(Execution& execution, Function& function, const PgQuery__CreateFunctionStmt& statement) {
  std::vector<ObjectId> results;
  for (const Node* each : list(statement.n_parameters, statement.parameters)) {
    const PgQuery__FunctionParameter& parameter = *each->function_parameter;
    const char mode = mode_letter(parameter.mode);
    const ObjectId type = resolve_type(execution, *parameter.arg_type).type;
    function.argument_names.emplace_back(parameter.name);
    function.argument_modes += mode;
    const bool is_input = mode == 'i' || mode == 'b' || mode == 'v';
    // A procedure is called with its OUT arguments, but they are not part of what it is known by here.
    if (is_input) function.arguments.push_back(type);
    if (mode == 'o' || mode == 'b' || mode == 't') results.push_back(type);
    function.variadic |= mode == 'v';
    function.defaults += parameter.defexpr != nullptr;
    function.returns_set |= mode == 't';
  }
  const bool all_in = function.argument_modes.find_first_not_of('i') == std::string::npos;
  if (all_in) function.argument_modes.clear();
  const bool all_unnamed = std::ranges::all_of(function.argument_names, &std::string::empty);
  if (all_unnamed) function.argument_names.clear();
  if (statement.return_type) {
    function.returns = resolve_type(execution, *statement.return_type).type;
    function.returns_set |= statement.return_type->setof != 0;
  } else if (results.size() == 1) {
    function.returns = results[0];
  } else {
    const Type* type = execution.catalog.types.find("pg_catalog", results.empty() ? "void" : "record");
    function.returns = type ? type->id : 0;
  }
}

void read_option(Function& function, const PgQuery__DefElem& option) {
  const std::string_view name = option.defname;
  if (name == "language") {
    function.language = lower(option_value(option));
  } else if (name == "as") {
    const PgQuery__List& parts = *option.arg->list;
    if (parts.n_items > 0) function.body = string_value(parts.items[0]);
  } else if (name == "volatility") {
    const std::string value = option_value(option);
    function.volatility = value == "immutable" ? Volatility::immutable
                          : value == "stable"  ? Volatility::stable
                                               : Volatility::volatile_;
  } else if (name == "strict") {
    function.strict = option_value(option) == "true" || option_value(option) == "1";
  } else if (name == "security") {
    function.security_definer = option_value(option) == "true" || option_value(option) == "1";
  } else if (name == "set") {
    function.sets_search_path |= std::string_view(option.arg->variable_set_stmt->name) == "search_path";
  }
}

// BEGIN ATOMIC: the statements are analysed and what they read is kept; RETURN is an expression.
void read_atomic_body(Execution& execution, Function& function, const Node& body) {
  QueryReader reader(execution);
  reader.until = Until::analysed;
  const bool was_in_body = std::exchange(execution.in_body, true);
  const std::function<void(const Node&)> read = [&](const Node& node) {
    if (node.node_case == PG_QUERY__NODE__NODE_LIST) {
      for (const Node* each : list(node.list->n_items, node.list->items)) read(*each);
    } else if (node.node_case == PG_QUERY__NODE__NODE_RETURN_STMT) {
      if (node.return_stmt->returnval) reader.expression(*node.return_stmt->returnval);
    } else {
      reader.query(node);
    }
  };
  read(body);
  execution.in_body = was_in_body;
  function.uses = reader.dependencies();
}

const Function* same_signature(const Catalog& catalog, const Function& function) {
  const Function* found = nullptr;
  catalog.functions.each_named(function.schema, function.name, [&](const Function& each) {
    if (each.arguments == function.arguments) found = &each;
  });
  return found;
}

// ProcedureCreate
void require_replaceable(const Execution& execution, const Function& old, const Function& made) {
  if (old.kind != made.kind) {
    execution.fail("42809", "cannot change routine kind");
  }
  const bool known = old.returns != 0 && made.returns != 0;
  if ((known && old.returns != made.returns) || old.returns_set != made.returns_set) {
    execution.fail("42P13", "cannot change return type of existing function");
  }
  for (std::size_t i = 0; i < std::min(old.argument_names.size(), made.argument_names.size()); ++i) {
    if (old.argument_names[i].empty() || old.argument_names[i] == made.argument_names[i]) continue;
    execution.fail("42P13", fmt::format("cannot change name of input parameter \"{}\"", old.argument_names[i]));
  }
  if (made.defaults < old.defaults) {
    execution.fail("42P13", "cannot remove parameter defaults from existing function");
  }
}

void create_function(Execution& execution, const PgQuery__CreateFunctionStmt& statement) {
  const QualifiedName name = qualified_name(statement.n_funcname, statement.funcname);
  Function function{.schema = execution.creation_schema(name),
                    .name = name.name,
                    .kind = statement.is_procedure ? Function::Kind::procedure : Function::Kind::function,
                    .owner = execution.session.user};
  require_schema(execution, function.schema);
  read_parameters(execution, function, statement);
  for (const Node* each : list(statement.n_options, statement.options)) read_option(function, *each->def_elem);
  if (function.language.empty()) {
    if (!statement.sql_body) execution.fail("42P13", "no language specified");
    function.language = "sql";
  }
  if (execution.catalog.complete && !find_other(execution, "language", {"", function.language})) {
    execution.fail("42704", fmt::format("language \"{}\" does not exist", function.language));
  }
  if (function.body.empty() && !statement.sql_body) execution.fail("42P13", "no function body specified");
  if (statement.sql_body) read_atomic_body(execution, function, *statement.sql_body);
  const Function* old = same_signature(execution.catalog, function);
  if (old && !statement.replace) {
    execution.fail("42723", fmt::format("function \"{}\" already exists with same argument types", function.name));
  }
  if (!old) {
    function.id = execution.catalog.next_id();
    return execution.catalog.functions.add(std::move(function));
  }
  require_replaceable(execution, *old, function);
  function.id = old->id;
  function.owner = old->owner;
  execution.catalog.functions.edit(old->id) = std::move(function);
}

void alter_function(Execution& execution, const PgQuery__AlterFunctionStmt& statement) {
  const Function* function = find_function(execution, *statement.func);
  if (!function) {
    if (!execution.catalog.complete) return;
    execution.fail(
        "42883", fmt::format("{} {} does not exist", object_words(statement.objtype), function_text(*statement.func)));
  }
  Function& changed = execution.catalog.functions.edit(function->id);
  for (const Node* each : list(statement.n_actions, statement.actions)) read_option(changed, *each->def_elem);
}

void execute_function(Execution& execution, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT) {
    return create_function(execution, *node.create_function_stmt);
  }
  alter_function(execution, *node.alter_function_stmt);
}

const Registered<StatementKind> kFunction{{.id = "CreateFunctionStmt",
                                           .node = PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT,
                                           .execute = execute_function,
                                           .also = {PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT}}};

}  // namespace
}  // namespace martlet
