#include "effects/definition/new_routine.h"

#include <fmt/format.h>

#include <algorithm>

#include "effects/definition.h"
#include "effects/lookup.h"

namespace martlet {
namespace {

const PgQuery__DefElem* option_named(const PgQuery__DefineStmt& statement, std::string_view name) {
  for (const Node* each : list(statement.n_definition, statement.definition)) {
    if (each->def_elem->defname == name) return each->def_elem;
  }
  return nullptr;
}

// In a definition a name, of whatever, is written as a type.
QualifiedName name_in(const PgQuery__DefElem* option) {
  return option && option->arg ? object_name(*option->arg) : QualifiedName{};
}

ObjectId type_in(Execution& execution, const PgQuery__DefElem* option) {
  const bool is_type = option && option->arg && option->arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME;
  return is_type ? resolve_type(execution, *option->arg->type_name).type : 0;
}

const Function* required_function(const Execution& execution, const QualifiedName& name,
                                  const std::vector<ObjectId>& arguments) {
  const Function* function = find_function(execution, name, arguments);
  if (function || !execution.catalog.complete) return function;
  execution.fail("42883", fmt::format("function {} with these arguments does not exist", name.text()));
}

// (…) is one list of parameters and a number; the old way has BASETYPE.
std::vector<ObjectId> aggregated_types(Execution& execution, const PgQuery__DefineStmt& statement) {
  if (statement.oldstyle) {
    const ObjectId type = type_in(execution, option_named(statement, "basetype"));
    return type ? std::vector{type} : std::vector<ObjectId>();
  }
  std::vector<ObjectId> types;
  if (statement.n_args == 0 || statement.args[0]->node_case != PG_QUERY__NODE__NODE_LIST) return types;
  for (const Node* each : list(statement.args[0]->list->n_items, statement.args[0]->list->items)) {
    types.push_back(resolve_type(execution, *each->function_parameter->arg_type).type);
  }
  return types;
}

ObjectId result_type(const Execution& execution, const PgQuery__DefineStmt& statement, ObjectId state) {
  const QualifiedName final_function = name_in(option_named(statement, "finalfunc"));
  if (final_function.name.empty()) return state;
  const Function* function = find_function(execution, final_function, {state});
  return function ? function->returns : 0;
}

}  // namespace

void define_aggregate(Execution& execution, const PgQuery__DefineStmt& statement) {
  const QualifiedName name = qualified_name(statement.n_defnames, statement.defnames);
  Function aggregate{.schema = execution.creation_schema(name),
                     .name = name.name,
                     .kind = Function::Kind::aggregate,
                     .arguments = aggregated_types(execution, statement),
                     .volatility = Volatility::immutable,
                     .language = "internal",
                     .owner = execution.session.user};
  const ObjectId state = type_in(execution, option_named(statement, "stype"));
  std::vector<ObjectId> step{state};
  step.insert(step.end(), aggregate.arguments.begin(), aggregate.arguments.end());
  required_function(execution, name_in(option_named(statement, "sfunc")), step);
  aggregate.returns = result_type(execution, statement, state);
  const Function* old = find_function(execution, {aggregate.schema, aggregate.name}, aggregate.arguments);
  if (old && !statement.replace) {
    execution.fail("42723", fmt::format("function \"{}\" already exists with same argument types", name.name));
  }
  aggregate.id = old ? old->id : execution.catalog.next_id();
  if (old) {
    execution.catalog.functions.edit(old->id) = std::move(aggregate);
  } else {
    execution.catalog.functions.add(std::move(aggregate));
  }
}

void define_operator(Execution& execution, const PgQuery__DefineStmt& statement) {
  const QualifiedName name = qualified_name(statement.n_defnames, statement.defnames);
  Operator made{.id = execution.catalog.next_id(),
                .schema = execution.creation_schema(name),
                .name = name.name,
                .left = type_in(execution, option_named(statement, "leftarg")),
                .right = type_in(execution, option_named(statement, "rightarg"))};
  const PgQuery__DefElem* function_option = option_named(statement, "function");
  if (!function_option) function_option = option_named(statement, "procedure");
  if (!function_option) execution.fail("42P13", "operator function must be specified");
  const std::vector<ObjectId> arguments = made.left ? std::vector{made.left, made.right} : std::vector{made.right};
  if (const Function* function = required_function(execution, name_in(function_option), arguments)) {
    made.function = function->id;
    made.result = function->returns;
  }
  execution.catalog.operators.each_named(made.schema, made.name, [&](const Operator& each) {
    if (each.left != made.left || each.right != made.right) return;
    execution.fail("42723", fmt::format("operator {} already exists", made.name));
  });
  execution.catalog.operators.add(std::move(made));
}

}  // namespace martlet
