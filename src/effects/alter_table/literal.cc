#include "effects/alter_table/literal.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

namespace martlet {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Whole numbers are compared digit by digit: they may be longer than a double is exact.
bool is_whole(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

int compare_whole(std::string_view a, std::string_view b) {
  const bool negative = a.starts_with('-');
  if (negative != b.starts_with('-')) return negative ? -1 : 1;
  const auto digits = [](std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return text.substr(std::min(text.find_first_not_of('0'), text.size() - 1));
  };
  const std::string_view x = digits(a), y = digits(b);
  const int order = x.size() != y.size() ? (x.size() < y.size() ? -1 : 1) : x.compare(y);
  return negative ? -order : order;
}

// "2024-01-31" and what may follow: a time, a zone.
bool is_date(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!is_digit(text[i])) return false;
  }
  return true;
}

std::string with_time(std::string_view date) {
  std::string text(date);
  if (text.size() == 10) text += " 00:00:00";
  return text;
}

std::string_view zone_of(std::string_view moment) {
  const auto at = moment.find_first_of("+-", std::min<std::size_t>(moment.size(), 11));
  return at == std::string_view::npos ? "" : moment.substr(at);
}

bool is_uuid(std::string_view text) {
  return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' &&
         std::ranges::all_of(text, [](char c) { return c == '-' || is_digit(c) || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::optional<std::string> literal_text(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return literal_text(*node.type_cast->arg);
  if (node.node_case == PG_QUERY__NODE__NODE_A_EXPR && !node.a_expr->lexpr && node.a_expr->rexpr) {
    const std::optional<std::string> operand = literal_text(*node.a_expr->rexpr);
    const bool minus = node.a_expr->n_name == 1 && string_value(node.a_expr->name[0]) == "-";
    return operand && minus ? std::optional("-" + *operand) : std::nullopt;
  }
  if (node.node_case != PG_QUERY__NODE__NODE_A_CONST || node.a_const->isnull) return std::nullopt;
  switch (node.a_const->val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      return std::to_string(node.a_const->ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL:
      return node.a_const->fval->fval;
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
      return node.a_const->boolval->boolval ? "true" : "false";
    case PG_QUERY__A__CONST__VAL_SVAL:
      return node.a_const->sval->sval;
    default:
      return std::nullopt;
  }
}

std::optional<int> compare_literals(const std::string& a, const std::string& b) {
  if (a == b) return 0;
  if (is_whole(a) && is_whole(b)) return compare_whole(a, b);
  const std::optional<double> x = number(a), y = number(b);
  if (x && y) return *x < *y ? -1 : *x > *y ? 1 : 0;
  if (is_date(a) && is_date(b)) {
    const std::string left = with_time(a), right = with_time(b);
    if (!zone_of(left).empty() && !zone_of(right).empty() && zone_of(left) != zone_of(right)) return std::nullopt;
    return left.substr(0, 19).compare(right.substr(0, 19));
  }
  if (is_uuid(a) && is_uuid(b)) return a.compare(b);
  return std::nullopt;
}

}  // namespace martlet
