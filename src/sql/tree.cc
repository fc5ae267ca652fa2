#include "sql/tree.h"

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include <algorithm>
#include <memory>

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

struct FreeResult {
  void operator()(PgQueryProtobufParseResult* result) const { pg_query_free_protobuf_parse_result(*result); }
};
struct FreeNodes {
  void operator()(PgQuery__ParseResult* nodes) const { pg_query__parse_result__free_unpacked(nodes, nullptr); }
};

void visit_one(const Statement& statement, const std::function<void(const Statement&, const Tree&)>& visit) {
  Tree tree;
  if (is_too_big(statement.text)) {
    tree.analysed = false;
    return visit(statement, tree);
  }
  PgQueryProtobufParseResult raw = pg_query_parse_protobuf(statement.text.c_str());
  std::unique_ptr<PgQueryProtobufParseResult, FreeResult> result(&raw);
  std::unique_ptr<PgQuery__ParseResult, FreeNodes> nodes;
  if (raw.error) {
    tree.analysed = !is_limit(raw.error->message);
    tree.error = raw.error->message;
    tree.error_position = raw.error->cursorpos;
  } else {
    const auto* bytes = reinterpret_cast<const uint8_t*>(raw.parse_tree.data);
    nodes.reset(pg_query__parse_result__unpack(nullptr, raw.parse_tree.len, bytes));
    tree.nodes = nodes.get();
    tree.analysed = nodes != nullptr;
  }
  visit(statement, tree);
}

}  // namespace

void visit_trees(const std::vector<Statement>& statements,
                 const std::function<void(const Statement&, const Tree&)>& visit) {
  auto visit_all = [&] {
    for (const Statement& statement : statements) visit_one(statement, visit);
  };
  bool small = std::ranges::all_of(statements, [](const Statement& s) { return s.text.size() <= safe_on_any_stack; });
  if (small) return visit_all();
  if (run_on_big_stack(stack_bytes, visit_all)) return;
  for (const Statement& statement : statements) {
    if (statement.text.size() <= safe_on_any_stack) {
      visit_one(statement, visit);
    } else {
      visit(statement, Tree{nullptr, false, "", 0});
    }
  }
}

}  // namespace martlet
