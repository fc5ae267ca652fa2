// CREATE CAST.
#include "base/registry.h"
#include "effects/definition.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void execute_cast(Execution& execution, const Node& node) {
  const PgQuery__CreateCastStmt& statement = *node.create_cast_stmt;
  Cast cast{.source = resolve_type(execution, *statement.sourcetype).type,
            .target = resolve_type(execution, *statement.targettype).type};
  if (execution.catalog.cast(cast.source, cast.target)) {
    execution.fail("42710", "cast already exists");
  }
  if (statement.inout) {
    cast.method = Cast::Method::inout;
  } else if (statement.func) {
    const Function* function = find_function(execution, *statement.func);
    if (!function && execution.catalog.complete) {
      execution.fail("42883", "function " + function_text(*statement.func) + " does not exist");
    }
    cast.function = function ? function->id : 0;
  } else {
    cast.method = Cast::Method::binary;
  }
  if (statement.context == PG_QUERY__COERCION_CONTEXT__COERCION_IMPLICIT) cast.context = 'i';
  if (statement.context == PG_QUERY__COERCION_CONTEXT__COERCION_ASSIGNMENT) cast.context = 'a';
  if (cast.source && cast.target) execution.catalog.add_cast(cast);
}

const Registered<StatementKind> kCast{
    {.id = "CreateCastStmt", .node = PG_QUERY__NODE__NODE_CREATE_CAST_STMT, .execute = execute_cast}};

}  // namespace
}  // namespace martlet
