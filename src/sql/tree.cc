#include "sql/tree.h"

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include <cstdlib>
#include <utility>

#include "sql/big_stack.h"
#include "sql/scan.h"

namespace martlet {
namespace {

// Measured on the library of Debian 12: up to 1 kB of stack a character ("1+1+…") and 2 kB a token ("NOT NOT …"), and
// time grows with the square of the depth: 50,000 tokens cost at most two seconds.
constexpr std::size_t safe_on_any_stack = 2000;  // bytes of SQL
constexpr std::size_t longest_text = 4 << 20;    // bytes of SQL
constexpr std::size_t most_tokens = 50'000;
constexpr std::size_t stack_bytes = 256 << 20;

bool is_too_big(const std::string& text) {
  if (text.size() <= most_tokens) return false;
  return text.size() > longest_text || scan(text).tokens.size() > most_tokens;
}

/// The parser's own limits, met by valid SQL.
bool is_limit(std::string_view message) {
  return message.starts_with("memory exhausted") || message.starts_with("stack depth limit exceeded");
}

void* allocate(void* arena, std::size_t bytes) {
  return static_cast<Arena*>(arena)->allocate(bytes);
}
void keep(void*, void*) {}

}  // namespace

void PackedTree::FreeBytes::operator()(char* bytes) const {
  std::free(bytes);
}

PackedTree::PackedTree(const Statement& statement) {
  const bool parsed = !is_too_big(statement.text) && on_stack_for(statement, [&] { parse(statement); });
  if (!parsed) outcome_.analysed = false;
}

void PackedTree::parse(const Statement& statement) {
  PgQueryProtobufParseResult result = pg_query_parse_protobuf(statement.text.c_str());
  if (result.error) {
    outcome_.analysed = !is_limit(result.error->message);
    outcome_.error = result.error->message;
    outcome_.error_position = result.error->cursorpos;
  } else {
    bytes_.reset(std::exchange(result.parse_tree.data, nullptr));
    size_ = result.parse_tree.len;
  }
  pg_query_free_protobuf_parse_result(result);
}

Tree TreeReader::read(const PackedTree& packed) {
  arena_.clear();
  Tree tree = packed.outcome_;
  if (!packed.bytes_) return tree;
  ProtobufCAllocator allocator{.alloc = allocate, .free = keep, .allocator_data = &arena_};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(packed.bytes_.get());
  tree.nodes = pg_query__parse_result__unpack(&allocator, packed.size_, bytes);
  tree.analysed = tree.nodes != nullptr;
  return tree;
}

bool on_stack_for(const Statement& statement, const std::function<void()>& work) {
  if (statement.text.size() > safe_on_any_stack) return run_on_big_stack(stack_bytes, work);
  work();
  return true;
}

void visit_trees(const std::vector<Statement>& statements,
                 const std::function<void(const Statement&, const Tree&)>& visit) {
  TreeReader reader;
  for (const Statement& statement : statements) {
    const auto read_and_visit = [&] {
      const PackedTree packed(statement);
      visit(statement, reader.read(packed));
    };
    if (!on_stack_for(statement, read_and_visit)) visit(statement, Tree{nullptr, false, "", 0});
  }
}

}  // namespace martlet
