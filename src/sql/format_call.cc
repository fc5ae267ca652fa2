#include "sql/format_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "sql/expression_pieces.h"
#include "sql/literal.h"
#include "sql/statement.h"

namespace martlet {
namespace {

// Text, or an argument of format() with its conversion; 's' is for what cannot carry SQL.
struct Part {
  std::string text;
  Tokens argument;
  char conversion = 0;  // 0: text; '?': not decided
};

Part text_part(std::string text) {
  return {.text = std::move(text), .argument = {}};
}

Part argument_part(Tokens tokens, char conversion) {
  return {.text = "", .argument = tokens, .conversion = conversion};
}

Tokens inner(Tokens call) {
  return call.subspan(2, call.size() - 3);
}

Part read_piece(Tokens tokens) {
  tokens = without_parentheses(tokens);
  if (tokens.size() == 1 && tokens[0].kind == Token::Kind::string) return text_part(literal_value(tokens[0]));
  if (tokens.size() == 1 && tokens[0].kind == Token::Kind::number) return text_part(std::string(tokens[0].text));
  if (is_call_of(tokens, {"quote_ident"})) return argument_part(inner(tokens), 'I');
  if (is_call_of(tokens, {"quote_literal", "quote_nullable"})) return argument_part(inner(tokens), 'L');
  return argument_part(tokens, is_harmless_cast(tokens) ? 's' : '?');
}

// The pattern's parts; nothing where arguments are named by number or have a width.
std::vector<Part> read_format(Tokens call) {
  const std::vector<Tokens> arguments = pieces(inner(call), ',');
  if (arguments[0].size() != 1 || arguments[0][0].kind != Token::Kind::string) return {};
  const std::string pattern = literal_value(arguments[0][0]);
  std::vector<Part> parts{text_part("")};
  std::size_t next = 1;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char type = pattern[i] == '%' && i + 1 < pattern.size() ? pattern[++i] : '\0';
    if (type == '\0' || type == '%') {
      parts.back().text += pattern[i];
      continue;
    }
    if ((type != 's' && type != 'I' && type != 'L') || next >= arguments.size() || arguments[next].empty()) return {};
    const Tokens argument = arguments[next++];
    parts.push_back(argument_part(argument, type != 's' || is_harmless_cast(argument) ? type : '?'));
    parts.push_back(text_part(""));
  }
  return parts;
}

std::vector<Part> read_parts(Tokens tokens) {
  tokens = without_parentheses(tokens);
  if (is_call_of(tokens, {"format"})) return read_format(tokens);
  std::vector<Part> parts;
  for (const Tokens each : pieces(tokens, '|')) {
    if (each.empty()) return {};
    Part part = read_piece(each);
    const bool goes_on = part.conversion == 0 && !parts.empty() && parts.back().conversion == 0;
    if (goes_on) {
      parts.back().text += part.text;
    } else {
      parts.push_back(std::move(part));
    }
  }
  return parts;
}

using Words = std::initializer_list<std::string_view>;

// Do the words of the statement begin so?
bool begins(std::string_view text, Words verbs, Words objects) {
  Lexer words(text.substr(text.rfind(';') + 1), Dialect::postgres);
  const auto is_one = [](const Token& token, Words wanted) {
    return std::ranges::any_of(wanted, [&](std::string_view each) { return token.is(each); });
  };
  if (!is_one(words.next(), verbs)) return false;
  if (words.accept("or")) words.accept("replace");
  if (!words.accept("unique")) words.accept("constraint");
  return objects.size() == 0 || is_one(words.next(), objects);
}

// ON and TO are names' words only in some statements: elsewhere a condition or a value follows.
bool wants_name_in(std::string_view text, const std::string& word) {
  if (word == "on") {
    return begins(text, {"grant", "revoke"}, {}) ||
           begins(text, {"create", "drop", "alter"}, {"index", "trigger", "policy"});
  }
  return word == "to" && (begins(text, {"grant"}, {}) || lower(trim(text)).ends_with("rename to"));
}

// A name comes behind a dot, and behind words that nothing else may follow. `text`: all of it so far.
bool wants_name(std::string_view before, std::string_view text) {
  if (before.ends_with('.')) return true;
  const std::size_t end = before.find_last_not_of(" \t\r\n");
  if (end == std::string_view::npos || end + 1 == before.size()) return false;
  before = before.substr(0, end + 1);
  const std::string word = lower(before.substr(before.find_last_of(" \t\r\n") + 1));
  constexpr std::array kWords = std::to_array<std::string_view>(
      {"from",     "into",         "update",     "table",   "join",   "index",      "view",     "schema",
       "sequence", "column",       "only",       "exists",  "role",   "constraint", "truncate", "analyze",
       "vacuum",   "concurrently", "references", "trigger", "policy", "extension",  "partition"});
  return std::ranges::find(kWords, word) != kWords.end() || wants_name_in(text, word);
}

// Takes the quotes away that stand around an argument, and says what it is; 0 where that cannot be told.
char decide(std::string& before, std::string* after, std::string_view text, bool in_literal, bool in_name) {
  for (const auto& [quote, open, conversion] : {std::tuple('\'', in_literal, 'L'), std::tuple('"', in_name, 'I')}) {
    if (!open) continue;
    if (!before.ends_with(quote) || !after || !after->starts_with(quote)) return 0;
    before.pop_back();
    after->erase(0, 1);
    return conversion;
  }
  return wants_name(before, text) ? 'I' : '\0';
}

// Is the text open behind an odd number of these quotes?
bool is_open(std::string_view text, char quote) {
  return std::ranges::count(text, quote) % 2 != 0;
}

bool decide_all(std::vector<Part>& parts) {
  std::string so_far;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].conversion == 0) {
      so_far += parts[i].text;
      continue;
    }
    if (parts[i].conversion == '?') {
      if (i == 0 || parts[i - 1].conversion != 0) return false;
      std::string* after = i + 1 < parts.size() && parts[i + 1].conversion == 0 ? &parts[i + 1].text : nullptr;
      const bool in_literal = is_open(so_far, '\'');
      const std::size_t length = parts[i - 1].text.size();
      parts[i].conversion = decide(parts[i - 1].text, after, so_far, in_literal, !in_literal && is_open(so_far, '"'));
      if (parts[i].conversion == 0) return false;
      so_far.resize(so_far.size() - (length - parts[i - 1].text.size()));
    }
    so_far += "x";
  }
  return true;
}

std::string doubled_percent(const std::string& text) {
  std::string result;
  for (const char each : text) result += each == '%' ? std::string("%%") : std::string(1, each);
  return result;
}

}  // namespace

std::optional<std::string> as_format_call(const std::string& expression) {
  const std::vector<Token> tokens = tokens_of(expression);
  if (tokens.empty()) return std::nullopt;
  std::vector<Part> parts = read_parts(tokens);
  if (parts.empty() || !decide_all(parts)) return std::nullopt;
  std::string pattern, arguments;
  for (const Part& each : parts) {
    pattern += each.conversion ? fmt::format("%{}", each.conversion) : doubled_percent(each.text);
    if (each.conversion) arguments += fmt::format(", {}", text_of(each.argument));
  }
  return fmt::format("format({}{})", quote_literal(pattern, Dialect::postgres), arguments);
}

}  // namespace martlet
