#include "schema/dump_sqlite.h"

#include <algorithm>
#include <cctype>

namespace martlet {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(), is_word);
}

// The end of what begins with a quote or bracket at `at`, behind its closing one; a doubled quote stays inside.
std::size_t quoted_end(std::string_view sql, std::size_t at) {
  const char close = sql[at] == '[' ? ']' : sql[at];
  for (std::size_t end = at + 1; end < sql.size(); ++end) {
    if (sql[end] != close) continue;
    if (close == ']' || end + 1 >= sql.size() || sql[end + 1] != close) return end + 1;
    ++end;
  }
  return sql.size();
}

// Behind the comment that begins at `at`; `at` itself where none does.
std::size_t comment_end(std::string_view sql, std::size_t at) {
  if (sql.substr(at, 2) == "--") return std::min(sql.find('\n', at), sql.size());
  if (sql.substr(at, 2) != "/*") return at;
  const std::size_t close = sql.find("*/", at + 2);
  return close == std::string_view::npos ? sql.size() : close + 2;
}

// The next token's end; `at` is neither at white space nor at a comment.
std::size_t token_end(std::string_view sql, std::size_t at) {
  if (std::string_view("'\"`[").find(sql[at]) != std::string_view::npos) return quoted_end(sql, at);
  if (!is_word(sql[at])) return at + 1;
  std::size_t end = at;
  while (end < sql.size() && is_word(sql[end])) ++end;
  return end;
}

std::string_view without_needless_quotes(std::string_view token) {
  if (token.size() < 3 || std::string_view("\"`[").find(token[0]) == std::string_view::npos) return token;
  const std::string_view name = token.substr(1, token.size() - 2);
  return is_plain_name(name) ? name : token;
}

bool excluded(const DumpExclusions& exclude, const std::string& name) {
  return std::any_of(exclude.tables.begin(), exclude.tables.end(),
                     [&](const auto& table) { return table.second == name; });
}

}  // namespace

std::string normalise_sqlite(std::string_view sql) {
  std::string text;
  std::size_t at = 0;
  while (at < sql.size()) {
    if (std::isspace(static_cast<unsigned char>(sql[at]))) {
      ++at;
      continue;
    }
    if (const std::size_t behind = comment_end(sql, at); behind != at) {
      at = behind;
      continue;
    }
    const std::size_t end = token_end(sql, at);
    const std::string_view token = without_needless_quotes(sql.substr(at, end - at));
    const bool touches = !text.empty() && std::string_view("(.").find(text.back()) == std::string_view::npos &&
                         std::string_view("),.;").find(token[0]) == std::string_view::npos;
    if (touches) text += ' ';
    text += token;
    at = end;
  }
  return text;
}

std::string dump_sqlite(Connection& connection, const DumpExclusions& exclude) {
  const Result found = connection.execute(
      "SELECT name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
      "ORDER BY type DESC, name");
  std::string dump;
  for (const Row& row : found.rows) {
    if (excluded(exclude, row[0].value_or("")) || excluded(exclude, row[1].value_or(""))) continue;
    dump += normalise_sqlite(row[2].value_or("")) + ";\n";
  }
  return dump;
}

}  // namespace martlet
