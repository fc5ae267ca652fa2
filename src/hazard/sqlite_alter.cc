#include "hazard/sqlite_alter.h"

#include <fmt/format.h>

#include "base/text.h"
#include "hazard/look.h"
#include "hazard/sqlite_model.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

using Kind = SqliteAlter::Kind;

// Of a table constraint, or of a clause that only other databases have.
bool is_constraint(const Token& word) {
  return word.is("constraint") || word.is("check") || word.is("unique") || word.is("primary") || word.is("foreign");
}

Kind kind_of(Lexer words) {
  const Token verb = words.next();
  if (verb.is("rename")) return Kind::rename;
  if (verb.is("add")) return is_constraint(words.peek()) ? Kind::unsupported : Kind::add_column;
  if (verb.is("drop")) return is_constraint(words.peek()) ? Kind::unsupported : Kind::drop_column;
  for (const std::string_view other : {"alter", "modify", "change", "set", "owner", "enable", "disable", "validate"}) {
    if (verb.is(other)) return Kind::unsupported;
  }
  return Kind::none;
}

}  // namespace

std::string sqlite_name(std::string_view written) {
  std::string name = lower(written);
  for (const char close : {'"', '`', ']'}) {
    if (!name.ends_with(close) || name.size() < 2) continue;
    const char open = close == ']' ? '[' : close;
    const std::size_t begin = name.rfind(open, name.size() - 2);
    return begin == std::string::npos ? name : name.substr(begin + 1, name.size() - begin - 2);
  }
  return name.substr(name.rfind('.') + 1);
}

SqliteAlter sqlite_alter(const Statement& statement) {
  Lexer words(statement.text, Dialect::sqlite);
  if (!words.accept({"alter", "table"})) return {};
  const std::string name = words.accept_name();
  if (name.empty()) return {};
  return {.kind = kind_of(words), .table = sqlite_name(name), .shown = name, .rest = words.peek().offset};
}

bool may_have_rows(const Case& at, const SqliteAlter& alter) {
  return !at.state.empty_tables.contains(alter.table);
}

std::string error_with_rows(const Case& at, const SqliteAlter& alter) {
  return at.sqlite->error_with_rows(at.statement.text.substr(alter.rest));
}

void report_add_column(const Case& at, Findings& found, std::string_view error) {
  const SqliteAlter alter = sqlite_alter(at.statement);
  if (alter.kind != Kind::add_column || !may_have_rows(at, alter)) return;
  const std::string said = error_with_rows(at, alter);
  if (said.find(error) == std::string::npos) return;
  found.add(at, fmt::format("it fails as soon as {} has a row: {}", alter.shown, said)).relations = {alter.shown};
}

}  // namespace martlet
