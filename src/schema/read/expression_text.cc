#include "schema/read/expression_text.h"

#include <algorithm>

#include "base/text.h"

namespace martlet {
namespace {

bool opens_group(char c) {
  return c == '(' || c == '[' || c == '\'' || c == '"';
}

// A quote's end; what the server writes doubles a quote inside, and E'…' strings double backslashes as well.
std::size_t end_of_quoted(std::string_view sql, std::size_t at) {
  const bool escapes = sql[at] == '\'' && at > 0 && sql[at - 1] == 'E';
  for (std::size_t end = at + 1; end < sql.size(); ++end) {
    if (escapes && sql[end] == '\\') {
      ++end;
    } else if (sql[end] == sql[at]) {
      return end + 1;
    }
  }
  return sql.size();
}

}  // namespace

std::size_t end_of_group(std::string_view sql, std::size_t at) {
  if (sql[at] == '\'' || sql[at] == '"') return end_of_quoted(sql, at);
  int depth = 0;
  while (at < sql.size()) {
    if (sql[at] == '\'' || sql[at] == '"') {
      at = end_of_quoted(sql, at);
      continue;
    }
    if (sql[at] == '(' || sql[at] == '[') ++depth;
    if (sql[at] == ')' || sql[at] == ']') --depth;
    ++at;
    if (depth == 0) break;
  }
  return at;
}

std::string_view without_parentheses(std::string_view sql) {
  while (sql.starts_with('(') && sql.ends_with(')') && end_of_group(sql, 0) == sql.size())
    sql = trim(sql.substr(1, sql.size() - 2));
  return sql;
}

std::vector<std::string> split_expressions(std::string_view sql) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < sql.size();) {
    if (opens_group(sql[at])) {
      at = end_of_group(sql, at);
      continue;
    }
    if (sql[at] == ',') {
      parts.emplace_back(trim(sql.substr(begin, at - begin)));
      begin = at + 1;
    }
    ++at;
  }
  if (const auto last = trim(sql.substr(begin)); !last.empty()) parts.emplace_back(last);
  return parts;
}

}  // namespace martlet
