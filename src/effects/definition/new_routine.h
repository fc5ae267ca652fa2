// CREATE AGGREGATE and CREATE OPERATOR.
#pragma once

#include "effects/execution.h"

namespace martlet {

/// Adds an aggregate (aggregatecmds.c, DefineAggregate). Fails with 42883 where its state function is missing.
void define_aggregate(Execution& execution, const PgQuery__DefineStmt& statement);
/// Adds an operator (operatorcmds.c, DefineOperator). Fails with 42883 where its function is missing.
void define_operator(Execution& execution, const PgQuery__DefineStmt& statement);

}  // namespace martlet
