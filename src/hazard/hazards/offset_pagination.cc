#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"
#include "sql/body.h"
#include "sql/lexer.h"
#include "sql/walk.h"

namespace martlet {
namespace {

bool is_zero(const Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_A_CONST && !node.a_const->isnull &&
         node.a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL && node.a_const->ival->ival == 0;
}

bool is_constant(const Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_A_CONST;
}

// An OFFSET in the statement or in a query inside of it, or nullptr.
const Node* find_offset(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_SELECT_STMT) {
    const Node* offset = node.select_stmt->limit_offset;
    if (offset && !is_zero(*offset)) return offset;
  }
  const Node* found = nullptr;
  each_child(node, [&](const Node& child) {
    if (!found) found = find_offset(child);
  });
  return found;
}

constexpr std::string_view kMessage =
    "pages by OFFSET: rows that come or go meanwhile are skipped or taken twice, and each page reads all before it";

bool mentions_offset(std::string_view text) {
  return text.find("offset") != std::string_view::npos || text.find("OFFSET") != std::string_view::npos ||
         text.find("Offset") != std::string_view::npos;
}

void look_at_body(const Case& at, Findings& found) {
  const std::optional<Body> body = open_body(at.statement, *at.node);
  if (!body) return;
  std::vector<Statement> statements;
  for (const BodyPart& part : body->parts) {
    if (part.kind == PlpgsqlPart::Kind::statement && part.loops > 0) statements.push_back(part.statement);
  }
  visit_trees(statements, [&](const Statement& statement, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    const Node* offset = node ? find_offset(*node) : nullptr;
    if (offset && !is_constant(*offset)) found.add(at, std::string(kMessage)).finding.place = statement.place;
  });
}

// Behind a LIMIT in a statement that changes rows; OFFSET 0 is none.
bool pages_in_sqlite(const Statement& statement) {
  Lexer words(statement.text, Dialect::sqlite);
  Token token = words.next();
  if (!token.is("insert") && !token.is("update") && !token.is("delete") && !token.is("replace")) return false;
  for (bool limited = false; token.kind != Token::Kind::end && token.kind != Token::Kind::unterminated;
       token = words.next()) {
    limited = limited || token.is("limit");
    if (limited && token.is("offset") && words.peek().text != "0") return true;
  }
  return false;
}

void check(const Case& at, Findings& found) {
  if (at.sqlite) {
    if (pages_in_sqlite(at.statement)) found.add(at, std::string(kMessage));
    return;
  }
  if (at.in_body || !mentions_offset(at.statement.text)) return;
  if (at.node->node_case == PG_QUERY__NODE__NODE_DO_STMT ||
      at.node->node_case == PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT) {
    return look_at_body(at, found);
  }
  if (find_offset(*at.node)) found.add(at, std::string(kMessage));
}

const Registered<Hazard> kHazard{{
    .id = "offset-pagination",
    .severity = Hazard::Severity::warning,
    .summary = "rows are worked through in pages by OFFSET",
    .why =
        "OFFSET counts rows of the moment. A row that is deleted before the page moves all others up by one, so that "
        "one "
        "is never seen; an inserted one is seen twice. Page n reads and throws away n-1 pages, so the whole takes the "
        "square of the time.",
    .safe_form = "Go by the key: WHERE id > last ORDER BY id LIMIT n, or -- martlet:batch, which does that.",
    .on = {PG_QUERY__NODE__NODE_INSERT_STMT, PG_QUERY__NODE__NODE_UPDATE_STMT, PG_QUERY__NODE__NODE_DELETE_STMT,
           PG_QUERY__NODE__NODE_DO_STMT, PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT},
    .check = check,
    .both_dialects = true,
}};

}  // namespace
}  // namespace martlet
