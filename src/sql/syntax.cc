#include "base/text.h"
#include "sql/characters.h"
#include "sql/statement.h"
#include "sql/tree.h"

namespace martlet {
namespace {

/// The place of a character (from 1; 0 = not known) of a statement, in its file.
Place place_in(const Statement& statement, int position) {
  if (position <= 0) return statement.place;
  LineColumn found = line_column_at(statement.text, byte_offset(statement.text, position - 1));
  Place place = statement.place;
  place.column = found.line == 1 ? place.column + found.column - 1 : found.column;
  place.line += found.line - 1;
  return place;
}

}  // namespace

std::vector<SyntaxProblem> check_syntax(const std::vector<Statement>& statements, Dialect dialect) {
  std::vector<SyntaxProblem> problems;
  if (dialect == Dialect::sqlite) return problems;
  visit_trees(statements, [&](const Statement& statement, const Tree& tree) {
    if (!tree.analysed) {
      problems.push_back({statement.place, "too long or too deeply nested to be analysed", false});
    } else if (!tree.error.empty()) {
      problems.push_back({place_in(statement, tree.error_position), tree.error, true});
    }
  });
  return problems;
}

}  // namespace martlet
