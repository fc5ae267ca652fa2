// Statement → PostgreSQL's own parse tree, as libpg_query's typed nodes (sql/nodes.h
// reads them).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sql/statement.h"

struct PgQuery__ParseResult;

namespace martlet {

/// What parsing one statement gave.
struct Tree {
  const PgQuery__ParseResult* nodes = nullptr;  // null where it did not parse; lives as long as the call of the visitor
  bool analysed = true;    // false: too long or too deep for the parser, nothing is known about the statement
  std::string error;       // the parser's message, "" = it parsed
  int error_position = 0;  // character in the statement, from 1; 0 = not known
};

/// Parses the statements in order and calls `visit` with each; all on one thread, which has a big stack where a
/// statement is long, because parser and nodes recurse. What `visit` throws ends the walk and is thrown here.
void visit_trees(const std::vector<Statement>& statements,
                 const std::function<void(const Statement&, const Tree&)>& visit);

}  // namespace martlet
