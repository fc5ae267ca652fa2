// Statement → PostgreSQL's own parse tree, as libpg_query's typed nodes (sql/nodes.h
// reads them).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sql/arena.h"
#include "sql/statement.h"

struct PgQuery__ParseResult;

namespace martlet {

/// What parsing one statement gave.
struct Tree {
  const PgQuery__ParseResult* nodes = nullptr;  // null where it did not parse; lives as long as the memory it is in
  bool analysed = true;    // false: too long or too deep for the parser, nothing is known about the statement
  std::string error;       // the parser's message, "" = it parsed
  int error_position = 0;  // character in the statement, from 1; 0 = not known
};

/// Parses, with the nodes in `memory`; a long statement on a thread with a big stack, because the parser recurses. What
/// visits the nodes of a long one recurses, too: look at them in on_stack_for(), on another thread for instance.
Tree parse_tree(const Statement& statement, Arena& memory);

/// Runs `work` where recursion through the nodes of this statement has room: here, or on a thread with a big stack.
/// What it throws is thrown here. False, without having run it, where no such thread can be had.
[[nodiscard]] bool on_stack_for(const Statement& statement, const std::function<void()>& work);

/// Parses the statements in order and calls `visit` with each; a long one on a thread with a big stack, because parser
/// and nodes recurse. What `visit` throws ends the walk and is thrown here.
void visit_trees(const std::vector<Statement>& statements,
                 const std::function<void(const Statement&, const Tree&)>& visit);

}  // namespace martlet
