// What libpg_query makes, taken before it is packed. The library hands out trees and tokens as protobuf messages, and
// takes trees so: measuring, packing and unpacking them costs four times what the parser itself needs, because each
// node is a message of 240 alternatives. The linker sends the library's calls of those functions here (`--wrap` in
// CMakeLists.txt). Each of these works for calls of the library from this thread while it lives; without one the
// library packs as ever.
#pragma once

#include <functional>

#include "sql/arena.h"

struct PgQuery__ParseResult;
struct PgQuery__ScanResult;

namespace martlet {

/// Copies the tree that pg_query_parse_protobuf would pack into `memory`; the bytes it returns are none.
class UnpackedTree {
 public:
  explicit UnpackedTree(Arena& memory);
  UnpackedTree(const UnpackedTree&) = delete;
  UnpackedTree& operator=(const UnpackedTree&) = delete;
  ~UnpackedTree();
  /// nullptr: there was none, or no memory for it.
  const PgQuery__ParseResult* tree() const { return tree_; }
  void take(const PgQuery__ParseResult& tree);

 private:
  Arena& memory_;
  const PgQuery__ParseResult* tree_ = nullptr;
};

/// Calls `take` with what pg_query_scan would pack. `take` must not throw.
class UnpackedTokens {
 public:
  explicit UnpackedTokens(std::function<void(const PgQuery__ScanResult&)> take);
  UnpackedTokens(const UnpackedTokens&) = delete;
  UnpackedTokens& operator=(const UnpackedTokens&) = delete;
  ~UnpackedTokens();
  void operator()(const PgQuery__ScanResult& tokens) const { take_(tokens); }

 private:
  std::function<void(const PgQuery__ScanResult&)> take_;
};

/// What pg_query_deparse_protobuf finds in the bytes it is given, whatever they are.
class GivenTree {
 public:
  explicit GivenTree(PgQuery__ParseResult& tree);
  GivenTree(const GivenTree&) = delete;
  GivenTree& operator=(const GivenTree&) = delete;
  ~GivenTree();
};

}  // namespace martlet
