#include "sql/characters.h"
#include "sql/places.h"
#include "sql/statement.h"
#include "sql/tree.h"

namespace martlet {
namespace {

/// The place of a character (from 1; 0 = not known) of a statement, in its file.
Place place_of(const Statement& statement, int position) {
  return position <= 0 ? statement.place : place_in(statement, byte_offset(statement.text, position - 1));
}

}  // namespace

std::vector<SyntaxProblem> check_syntax(const std::vector<Statement>& statements, Dialect dialect) {
  std::vector<SyntaxProblem> problems;
  if (dialect == Dialect::sqlite) return problems;
  visit_trees(statements, [&](const Statement& statement, const Tree& tree) {
    if (!tree.analysed) {
      problems.push_back({statement.place, "too long or too deeply nested to be analysed", false});
    } else if (!tree.error.empty()) {
      problems.push_back({place_of(statement, tree.error_position), tree.error, true});
    }
  });
  return problems;
}

}  // namespace martlet
