// What an expression reads and how it may change between two rows or two calls.
#pragma once

#include <vector>

#include "effects/execution.h"

namespace martlet {

struct ExpressionFacts {
  Volatility volatility = Volatility::immutable;  // the worst of the functions it calls; unknown where one is not known
  std::vector<int> columns;                       // of `row`, each once
  std::vector<ObjectId> functions;                // that are not built in
  bool constant = false;                          // neither columns nor subqueries
};

/// `row`: the relation whose columns the expression may name; nullptr = none.
ExpressionFacts expression_facts(Execution& execution, const Node& expression, const Relation* row);
/// The same of SQL text kept in the catalog.
ExpressionFacts expression_facts(Execution& execution, const std::string& sql, const Relation* row);

}  // namespace martlet
