#include <algorithm>
#include <utility>

#include "sql/body.h"
#include "sql/expression_pieces.h"
#include "sql/literal.h"

namespace martlet {
namespace {

using Form = DynamicText::Form;

constexpr int kDeepest = 20;  // parts inside of one another that are looked into

bool is_safe(Tokens tokens) {
  tokens = without_parentheses(tokens);
  return is_call_of(tokens, {"quote_ident", "quote_literal", "quote_nullable"}) || is_harmless_cast(tokens) ||
         (tokens.size() == 1 && (tokens[0].kind == Token::Kind::string || tokens[0].kind == Token::Kind::number));
}

class DynamicReader {
 public:
  DynamicText read(Tokens tokens);

 private:
  bool add(Tokens tokens, int depth);
  bool add_format(Tokens arguments);
  void add_unknown(Tokens tokens, bool is_raw);

  DynamicText result_;
  bool constant_ = true;
  bool format_ = false;
  bool literals_ = false;
};

DynamicText DynamicReader::read(Tokens tokens) {
  if (tokens.empty()) return result_;
  add(tokens, 0);
  if (!literals_) {
    result_.form = Form::opaque;
    result_.sql.clear();
  } else {
    result_.form = constant_ ? Form::constant : format_ ? Form::format : Form::joined;
  }
  return result_;
}

void DynamicReader::add_unknown(Tokens tokens, bool is_raw) {
  constant_ = false;
  if (is_raw && !is_safe(tokens)) result_.raw.emplace_back(text_of(tokens));
}

/// Adds what the expression gives; whether it is wholly known.
bool DynamicReader::add(Tokens tokens, int depth) {
  tokens = without_parentheses(tokens);
  if (tokens.empty()) return false;
  const std::vector<Tokens> parts = pieces(tokens, '|');
  if (parts.size() > 1 && depth < kDeepest) {
    for (const Tokens part : parts) add(part, depth + 1);
    format_ = false;
    return true;
  }
  const bool is_text_cast = tokens.size() == 4 && tokens[1].is(':') && tokens[2].is(':') && tokens[3].is("text");
  if ((tokens.size() == 1 || is_text_cast) && tokens[0].kind == Token::Kind::string) {
    result_.sql += literal_value(tokens[0]);
    literals_ = true;
    return true;
  }
  if (is_call_of(tokens, {"format"}) && add_format(tokens.subspan(2, tokens.size() - 3))) return true;
  const bool is_literal = is_call_of(tokens, {"quote_literal", "quote_nullable"});
  result_.sql += is_literal ? "'value_at_run_time'" : "name_at_run_time";
  add_unknown(tokens, true);
  return false;
}

/// Pattern and arguments of format(), as the documentation's section 9.4.1 describes them.
bool DynamicReader::add_format(Tokens inner) {
  const std::vector<Tokens> arguments = pieces(inner, ',');
  if (arguments[0].size() != 1 || arguments[0][0].kind != Token::Kind::string) return false;
  const std::string pattern = literal_value(arguments[0][0]);
  literals_ = true;
  format_ = true;
  std::size_t next = 1;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      result_.sql += pattern[i];
      continue;
    }
    if (pattern[++i] == '%') {
      result_.sql += '%';
      continue;
    }
    std::size_t number = 0;
    for (; i < pattern.size() && std::string_view("-$*0123456789").find(pattern[i]) != std::string_view::npos; ++i) {
      if (pattern[i] >= '0' && pattern[i] <= '9')
        number = std::min<std::size_t>(number * 10 + (pattern[i] - '0'), 9999);
      if (pattern[i] == '$') next = std::exchange(number, 0);
    }
    const char type = i < pattern.size() ? pattern[i] : 's';
    result_.sql += type == 'L' ? "'value_at_run_time'" : "name_at_run_time";
    constant_ = false;
    if (next < arguments.size() && !arguments[next].empty()) add_unknown(arguments[next], type == 's');
    ++next;
  }
  return true;
}

}  // namespace

DynamicText read_dynamic(const std::string& expression) {
  const std::vector<Token> tokens = tokens_of(expression);
  return DynamicReader().read(tokens);
}

}  // namespace martlet
