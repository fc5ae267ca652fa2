// What an expression reads and how it may change between two rows or two calls.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "effects/execution.h"

namespace martlet {

struct ExpressionFacts {
  Volatility volatility = Volatility::immutable;  // the worst of the functions it calls; unknown where one is not
                                                  // known, as the planner sees it, which inlines functions in SQL
  Volatility declared_volatility = Volatility::immutable;  // before that
  std::vector<int> columns;                                // of `row`, each once
  std::vector<ObjectId> functions;                         // that are not built in
  bool constant = false;                                   // neither columns nor subqueries
  bool names_column = false;                               // it names columns, of `row` or not
  bool has_subquery = false;
  bool has_aggregate = false;
  bool returns_set = false;
  bool names_system_column = false;     // one that is not tableoid
  std::vector<std::string> sequences;   // that it calls nextval() for by a constant name, as written
  bool is_null_constant = false;        // NULL, bare or cast
  std::optional<std::string> literal;   // it is a bare string literal, this one
  TypeUse type;                         // type 0 = not known
  std::vector<std::string> unresolved;  // functions the catalog does not have
};

/// `row`: the relation whose columns the expression may name; nullptr = none. Fails with 42703 where it names a column
/// that `row` does not have, and with 42883 where a complete catalog has no function of a name it calls.
ExpressionFacts expression_facts(Execution& execution, const Node& expression, const Relation* row);
/// The same of SQL text kept in the catalog, which fails at nothing.
ExpressionFacts expression_facts(Execution& execution, const std::string& sql, const Relation* row);

/// Of SQL text again, but as of an expression that is analysed anew: it fails where a function or an operator does not
/// take the types that the columns of `row` have now (42883).
ExpressionFacts analyse_again(Execution& execution, const std::string& sql, const Relation* row);

/// Adds the functions to those that the relation is known to call.
void note_calls(Execution& execution, ObjectId relation, const ExpressionFacts& facts);

/// The worse of two; unknown is worse than stable and better than volatile, because volatile is the worst there is.
Volatility worse(Volatility a, Volatility b);

}  // namespace martlet
