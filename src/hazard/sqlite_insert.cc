#include "hazard/sqlite_insert.h"

#include <algorithm>

#include "hazard/sqlite_alter.h"

namespace martlet {
namespace {

bool ends_value(const Token& token) {
  return token.kind == Token::Kind::end || token.is(',') || token.is(')');
}

// Up to the `,` or `)` outside of parentheses that ends it, which stays.
SqliteValue read_value(Lexer& words) {
  SqliteValue value;
  for (int depth = 0; depth > 0 || !ends_value(words.peek());) {
    const Token token = words.next();
    if (token.kind == Token::Kind::end) break;
    depth += token.is('(') ? 1 : token.is(')') ? -1 : 0;
    value.tokens.push_back(token);
  }
  return value;
}

std::vector<SqliteValue> read_values(Lexer& words) {
  std::vector<SqliteValue> values{read_value(words)};
  while (words.accept(',')) values.push_back(read_value(words));
  return values;
}

void read_columns(Lexer& words, SqliteInsert& insert) {
  if (!words.accept('(')) return;
  do {
    insert.columns.push_back(sqlite_name(words.accept_name()));
  } while (words.accept(','));
  words.accept(')');
}

void read_rows(Lexer& words, SqliteInsert& insert) {
  do {
    if (!words.accept('(')) return;
    insert.rows.push_back(read_values(words));
    words.accept(')');
  } while (words.accept(','));
}

bool is_any_of(const Token& token, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return token.is(word); });
}

// Only behind INSERT OR.
bool accept_or(Lexer& words) {
  if (!words.accept("or")) return false;
  return is_any_of(words.next(), {"ignore", "replace"});
}

}  // namespace

bool SqliteValue::is_constant() const {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind == Token::Kind::quoted || token.is('?') || token.is(':') || token.is('@') || token.is('$'))
      return false;
    if (token.kind != Token::Kind::word) continue;
    if (is_any_of(token, {"select", "values", "from"})) return false;
    const bool is_call = i + 1 < tokens.size() && tokens[i + 1].is('(');
    const bool is_value =
        is_any_of(token, {"null", "true", "false", "current_timestamp", "current_date", "current_time"});
    if (!is_call && !is_value) return false;
  }
  return !tokens.empty();
}

std::optional<SqliteInsert> sqlite_insert(std::string_view text) {
  Lexer words(text, Dialect::sqlite);
  SqliteInsert insert{.minds_conflicts = words.accept("replace")};
  if (!insert.minds_conflicts) {
    if (!words.accept("insert")) return std::nullopt;
    insert.minds_conflicts = accept_or(words);
  }
  if (!words.accept("into")) return std::nullopt;
  insert.table = words.accept_name();
  if (words.accept("as")) words.accept_name();
  read_columns(words, insert);
  if (words.accept("values")) {
    read_rows(words, insert);
  } else if (words.accept("select")) {
    insert.rows.push_back(read_values(words));
  }
  if (words.accept({"on", "conflict"})) insert.minds_conflicts = true;
  return insert.rows.empty() ? std::nullopt : std::optional(std::move(insert));
}

}  // namespace martlet
