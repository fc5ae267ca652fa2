// SET CONSTRAINTS (trigger.c, AfterTriggerSetState).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

struct Deferral {
  bool exists = false;
  bool deferrable = true;
};

// All constraints of the name in the first schema that has one.
Deferral find_constraint(const Execution& execution, const QualifiedName& name) {
  Deferral found;
  each_schema(execution, name.schema, [&](const std::string& schema) {
    execution.catalog.relations.each_of_users([&](const Relation& table) {
      const Constraint* constraint = table.schema == schema ? table.constraint(name.name) : nullptr;
      if (!constraint) return;
      found.exists = true;
      found.deferrable &= constraint->deferrable;
    });
    return found.exists;
  });
  return found;
}

void execute_set_constraints(Execution& execution, const Node& node) {
  if (!execution.catalog.complete) return;
  const PgQuery__ConstraintsSetStmt& statement = *node.constraints_set_stmt;
  for (const Node* each : list(statement.n_constraints, statement.constraints)) {
    const QualifiedName name = qualified_name(*each->range_var);
    const Deferral found = find_constraint(execution, name);
    if (!found.exists) execution.fail("42704", fmt::format("constraint \"{}\" does not exist", name.name));
    if (!found.deferrable) execution.fail("42809", fmt::format("constraint \"{}\" is not deferrable", name.name));
  }
}

const Registered<StatementKind> kSetConstraints{{.id = "ConstraintsSetStmt",
                                                 .node = PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT,
                                                 .execute = execute_set_constraints}};

}  // namespace
}  // namespace martlet
