#include "effects/definition/drop_operator.h"

#include <fmt/format.h>

#include <algorithm>

#include "effects/definition.h"
#include "effects/lookup.h"

namespace martlet {
namespace {

// Who uses an operator is not in the model; whose texts have its name is.
bool is_written_somewhere(const Catalog& catalog, const std::string& name) {
  bool found = false;
  const auto has = [&](const std::string& sql) { return sql.find(name) != std::string::npos; };
  catalog.relations.each_of_users([&](const Relation& each) {
    found |= each.view && (each.view->definition.empty() || has(each.view->definition));
    found |= each.index && has(each.index->predicate);
    if (each.index) {
      for (const IndexKey& key : each.index->keys) found |= has(key.expression);
    }
    for (const Column& column : each.columns) found |= has(column.default_sql);
    for (const Constraint& constraint : each.constraints) {
      found |= has(constraint.expression) || std::ranges::any_of(constraint.operators, has);
    }
    for (const Policy& policy : each.policies) found |= has(policy.using_sql) || has(policy.check_sql);
    for (const Rule& rule : each.rules) found |= has(rule.definition);
    for (const Trigger& trigger : each.triggers) found |= has(trigger.when);
  });
  catalog.types.each_of_users([&](const Type& each) {
    found |= has(each.default_sql);
    for (const Constraint& check : each.checks) found |= has(check.expression);
  });
  catalog.functions.each_of_users([&](const Function& each) { found |= !each.uses.empty() && has(each.body); });
  return found;
}

}  // namespace

void drop_operator(Execution& execution, const PgQuery__ObjectWithArgs& written, bool missing_ok) {
  const QualifiedName name = qualified_name(written.n_objname, written.objname);
  std::vector<ObjectId> types;
  for (const Node* each : list(written.n_objargs, written.objargs)) {
    const bool is_type = each->node_case == PG_QUERY__NODE__NODE_TYPE_NAME;
    types.push_back(is_type ? resolve_type(execution, *each->type_name).type : 0);
  }
  ObjectId found = 0;
  each_schema(execution, name.schema, [&](const std::string& schema) {
    execution.catalog.operators.each_named(schema, name.name, [&](const Operator& each) {
      if (types.size() == 2 && each.left == types[0] && each.right == types[1]) found = each.id;
    });
    return found != 0;
  });
  if (!found) {
    if (missing_ok || !execution.catalog.complete) return;
    execution.fail("42883", fmt::format("operator does not exist: {}", name.name));
  }
  if (is_written_somewhere(execution.catalog, name.name)) {
    execution.not_known("what depends on an operator is not in the model");
  }
  execution.catalog.operators.remove(found);
}

}  // namespace martlet
