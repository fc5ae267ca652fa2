#include "sql/unpacked.h"

#include <pg_query/pg_query.pb-c.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>

#include "sql/tree_copy.h"

namespace martlet {
namespace {

thread_local UnpackedTree* tree_taker = nullptr;
thread_local const UnpackedTokens* token_taker = nullptr;
thread_local PgQuery__ParseResult* given_tree = nullptr;

}  // namespace

UnpackedTree::UnpackedTree(Arena& memory) : memory_(memory) {
  tree_taker = this;
}

UnpackedTree::~UnpackedTree() {
  tree_taker = nullptr;
}

// Called by C, which no exception may pass through.
void UnpackedTree::take(const PgQuery__ParseResult& tree) {
  try {
    tree_ = copy_tree(tree, memory_);
  } catch (const std::exception&) {
    tree_ = nullptr;
  }
}

UnpackedTokens::UnpackedTokens(std::function<void(const PgQuery__ScanResult&)> take) : take_(std::move(take)) {
  token_taker = this;
}

UnpackedTokens::~UnpackedTokens() {
  token_taker = nullptr;
}

GivenTree::GivenTree(PgQuery__ParseResult& tree) {
  given_tree = &tree;
}

GivenTree::~GivenTree() {
  given_tree = nullptr;
}

}  // namespace martlet

// The linker's names: `__wrap_f` is called where f is, `__real_f` is f.
extern "C" {

using martlet::given_tree;
using martlet::token_taker;
using martlet::tree_taker;

std::size_t __real_pg_query__parse_result__get_packed_size(const PgQuery__ParseResult* tree);
std::size_t __real_pg_query__parse_result__pack(const PgQuery__ParseResult* tree, std::uint8_t* out);
PgQuery__ParseResult* __real_pg_query__parse_result__unpack(ProtobufCAllocator* allocator, std::size_t length,
                                                            const std::uint8_t* bytes);
void __real_pg_query__parse_result__free_unpacked(PgQuery__ParseResult* tree, ProtobufCAllocator* allocator);
std::size_t __real_pg_query__scan_result__get_packed_size(const PgQuery__ScanResult* tokens);
std::size_t __real_pg_query__scan_result__pack(const PgQuery__ScanResult* tokens, std::uint8_t* out);

std::size_t __wrap_pg_query__parse_result__get_packed_size(const PgQuery__ParseResult* tree) {
  if (!tree_taker) return __real_pg_query__parse_result__get_packed_size(tree);
  tree_taker->take(*tree);
  return 0;
}

std::size_t __wrap_pg_query__parse_result__pack(const PgQuery__ParseResult* tree, std::uint8_t* out) {
  return tree_taker ? 0 : __real_pg_query__parse_result__pack(tree, out);
}

PgQuery__ParseResult* __wrap_pg_query__parse_result__unpack(ProtobufCAllocator* allocator, std::size_t length,
                                                            const std::uint8_t* bytes) {
  return given_tree ? given_tree : __real_pg_query__parse_result__unpack(allocator, length, bytes);
}

void __wrap_pg_query__parse_result__free_unpacked(PgQuery__ParseResult* tree, ProtobufCAllocator* allocator) {
  if (tree != given_tree) __real_pg_query__parse_result__free_unpacked(tree, allocator);
}

std::size_t __wrap_pg_query__scan_result__get_packed_size(const PgQuery__ScanResult* tokens) {
  if (!token_taker) return __real_pg_query__scan_result__get_packed_size(tokens);
  (*token_taker)(*tokens);
  return 0;
}

std::size_t __wrap_pg_query__scan_result__pack(const PgQuery__ScanResult* tokens, std::uint8_t* out) {
  return token_taker ? 0 : __real_pg_query__scan_result__pack(tokens, out);
}

}  // extern "C"
