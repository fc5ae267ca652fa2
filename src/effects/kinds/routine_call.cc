// DO and CALL.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "effects/lookup.h"
#include "effects/routine_body.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void run_block(Execution& execution, const PgQuery__DoStmt& statement) {
  std::string language = "plpgsql";
  std::string body;
  for (const Node* each : list(statement.n_args, statement.args)) {
    const PgQuery__DefElem& option = *each->def_elem;
    if (std::string_view(option.defname) == "language") language = lower(string_value(option.arg));
    if (std::string_view(option.defname) == "as") body = string_value(option.arg);
  }
  if (execution.catalog.complete && !find_other(execution, "language", {"", language})) {
    execution.fail("42704", fmt::format("language \"{}\" does not exist", language));
  }
  run_body(execution, language, body);
}

void call(Execution& execution, const PgQuery__CallStmt& statement) {
  const QualifiedName name = qualified_name(statement.funccall->n_funcname, statement.funccall->funcname);
  const Function* found = nullptr;
  bool several = false;
  each_schema(execution, name.schema, [&](const std::string& schema) {
    execution.catalog.functions.each_named(schema, name.name, [&](const Function& each) {
      several |= found != nullptr;
      found = &each;
    });
    return found != nullptr;
  });
  if (!found && execution.catalog.complete) {
    execution.fail("42883", "procedure " + name.text() + " does not exist");
  }
  if (!found || several) return execution.not_known("what the procedure " + name.text() + " does");
  run_function(execution, found->id);
}

void execute_routine(Execution& execution, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_DO_STMT) return run_block(execution, *node.do_stmt);
  call(execution, *node.call_stmt);
}

const Registered<StatementKind> kRoutine{{.id = "DoStmt",
                                          .node = PG_QUERY__NODE__NODE_DO_STMT,
                                          .execute = execute_routine,
                                          .also = {PG_QUERY__NODE__NODE_CALL_STMT}}};

}  // namespace
}  // namespace martlet
