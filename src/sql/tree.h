// Statement → PostgreSQL's own parse tree, as libpg_query's typed nodes (sql/nodes.h
// reads them).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sql/arena.h"
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

/// A parsed statement as bytes, for which nodes are made when they are looked at: on another thread, for instance.
class PackedTree {
 public:
  /// Of nothing.
  PackedTree() = default;
  /// Parses; a long statement on a thread with a big stack, because the parser recurses.
  explicit PackedTree(const Statement& statement);

 private:
  friend class TreeReader;
  struct FreeBytes {
    void operator()(char* bytes) const;
  };
  void parse(const Statement& statement);

  std::unique_ptr<char, FreeBytes> bytes_;
  std::size_t size_ = 0;
  Tree outcome_;  // without nodes
};

/// Makes nodes, one tree at a time, always in the same memory.
class TreeReader {
 public:
  /// The tree; its nodes live until the next call. `statement`: that was packed. What visits the nodes of a long one
  /// recurses: call this, and look at them, in on_stack_for().
  Tree read(const PackedTree& packed);

 private:
  Arena arena_;
};

/// Runs `work` where recursion through the nodes of this statement has room: here, or on a thread with a big stack.
/// What it throws is thrown here. False, without having run it, where no such thread can be had.
[[nodiscard]] bool on_stack_for(const Statement& statement, const std::function<void()>& work);

/// Parses the statements in order and calls `visit` with each; a long one on a thread with a big stack, because parser
/// and nodes recurse. What `visit` throws ends the walk and is thrown here.
void visit_trees(const std::vector<Statement>& statements,
                 const std::function<void(const Statement&, const Tree&)>& visit);

}  // namespace martlet
