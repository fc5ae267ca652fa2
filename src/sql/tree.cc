#include "sql/tree.h"

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include "sql/big_stack.h"
#include "sql/scan.h"
#include "sql/unpacked.h"

namespace martlet {
namespace {

// Measured on the library of Debian 12: up to 1 kB of stack a character ("1+1+…") and 2 kB a token ("NOT NOT …").
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

Tree parse(const Statement& statement, Arena& memory) {
  Tree tree;
  const UnpackedTree unpacked(memory);
  const PgQueryProtobufParseResult result = pg_query_parse_protobuf(statement.text.c_str());
  if (result.error) {
    tree.analysed = !is_limit(result.error->message);
    tree.error = result.error->message;
    tree.error_position = result.error->cursorpos;
  } else {
    tree.nodes = unpacked.tree();
    tree.analysed = tree.nodes != nullptr;
  }
  pg_query_free_protobuf_parse_result(result);
  return tree;
}

}  // namespace

Tree parse_tree(const Statement& statement, Arena& memory) {
  Tree tree;
  const bool parsed = !is_too_big(statement.text) && on_stack_for(statement, [&] { tree = parse(statement, memory); });
  if (!parsed) tree.analysed = false;
  return tree;
}

bool on_stack_for(const Statement& statement, const std::function<void()>& work) {
  if (statement.text.size() > safe_on_any_stack) return run_on_big_stack(stack_bytes, work);
  work();
  return true;
}

void visit_trees(const std::vector<Statement>& statements,
                 const std::function<void(const Statement&, const Tree&)>& visit) {
  Arena memory;
  for (const Statement& statement : statements) {
    memory.clear();
    const auto read_and_visit = [&] { visit(statement, parse_tree(statement, memory)); };
    if (!on_stack_for(statement, read_and_visit)) visit(statement, Tree{nullptr, false, "", 0});
  }
}

}  // namespace martlet
