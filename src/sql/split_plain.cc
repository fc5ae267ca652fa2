#include "sql/split_plain.h"

#include <array>
#include <cstdint>

#include "base/text.h"
#include "sql/places.h"

namespace martlet {
namespace {

enum class Class : std::uint8_t { odd, blank, word, digit, symbol, quote, name_quote, dollar, minus, slash };

// As scan.l of PostgreSQL 15 has them: space, ident_start, digit; other control characters and `\` are odd.
constexpr std::array<Class, 256> kClasses = [] {
  std::array<Class, 256> classes{};
  for (std::size_t c = ' ' + 1; c < 0x7F; ++c) classes[c] = Class::symbol;
  for (const unsigned char c : {' ', '\t', '\n', '\r', '\f'}) classes[c] = Class::blank;
  for (std::size_t c = 'a'; c <= 'z'; ++c) classes[c] = classes[c - 'a' + 'A'] = Class::word;
  for (std::size_t c = 0x80; c < classes.size(); ++c) classes[c] = Class::word;
  for (std::size_t c = '0'; c <= '9'; ++c) classes[c] = Class::digit;
  classes['_'] = Class::word;
  classes['\''] = Class::quote;
  classes['"'] = Class::name_quote;
  classes['$'] = Class::dollar;
  classes['-'] = Class::minus;
  classes['/'] = Class::slash;
  classes['\\'] = Class::odd;
  return classes;
}();

constexpr auto npos = std::string_view::npos;

// Each of the functions that pass something returns false where only the server's scanner knows.
class Splitter {
 public:
  explicit Splitter(const SourceText& source) : body_(body_of(source)), places_(source) {}

  std::optional<std::vector<Statement>> run() {
    while (at_ < body_.size()) {
      if (!pass()) return std::nullopt;
    }
    if (open_) finish();
    return std::move(statements_);
  }

 private:
  Class class_at(std::size_t offset) const {
    return offset < body_.size() ? kClasses[static_cast<unsigned char>(body_[offset])] : Class::odd;
  }
  bool is_at(std::size_t offset, char c) const { return offset < body_.size() && body_[offset] == c; }

  bool pass();
  void begin_token();
  bool pass_symbol();
  bool pass_word();
  bool pass_number();
  bool pass_quoted(char quote);
  bool pass_dollar();
  void pass_line_comment();
  bool pass_block_comment();
  void finish();

  std::string_view body_;
  Places places_;
  std::vector<Statement> statements_;
  std::size_t at_ = 0;
  bool open_ = false;           // a statement is being read
  bool creates_ = false;        // it begins with CREATE
  std::size_t start_ = 0;       // of its first token
  std::size_t comment_ = npos;  // where comments after its last token begin
  std::size_t parentheses_ = 0;
};

bool Splitter::pass() {
  switch (class_at(at_)) {
    case Class::blank:
      ++at_;
      return true;
    case Class::word:
      return pass_word();
    case Class::symbol:
      return pass_symbol();
    case Class::digit:
      return pass_number();
    case Class::quote:
    case Class::name_quote:
      return pass_quoted(body_[at_]);
    case Class::dollar:
      return pass_dollar();
    case Class::minus:
      if (!is_at(at_ + 1, '-')) return pass_symbol();
      pass_line_comment();
      return true;
    case Class::slash:
      return is_at(at_ + 1, '*') ? pass_block_comment() : pass_symbol();
    case Class::odd:
      break;
  }
  return false;
}

void Splitter::begin_token() {
  comment_ = npos;
  if (open_) return;
  open_ = true;
  creates_ = false;
  start_ = at_;
  parentheses_ = 0;
}

bool Splitter::pass_symbol() {
  const char symbol = body_[at_];
  if (symbol == ';' && (!open_ || parentheses_ == 0)) {
    if (open_) finish();
    ++at_;
    return true;
  }
  begin_token();
  if (symbol == '(') ++parentheses_;
  if (symbol == ')' && parentheses_ > 0) --parentheses_;
  ++at_;
  return true;
}

bool Splitter::pass_word() {
  const bool is_first = !open_;
  begin_token();
  std::size_t end = at_ + 1;
  for (Class c = class_at(end); c == Class::word || c == Class::digit || c == Class::dollar; c = class_at(end)) ++end;
  const std::string_view word = body_.substr(at_, end - at_);
  if (word.size() == 1) {
    const bool escapes = (word == "e" || word == "E") && is_at(end, '\'');
    const bool unicode = (word == "u" || word == "U") && is_at(end, '&');
    if (escapes || unicode) return false;
  }
  if (is_first && equals_ignoring_case(word, "copy")) return false;
  if (is_first) creates_ = equals_ignoring_case(word, "create");
  if (creates_ && equals_ignoring_case(word, "atomic")) return false;
  at_ = end;
  return true;
}

bool Splitter::pass_number() {
  begin_token();
  while (class_at(at_) == Class::digit || is_at(at_, '.')) ++at_;
  return class_at(at_) != Class::word;
}

bool Splitter::pass_quoted(char quote) {
  begin_token();
  std::size_t end = at_;
  do {
    end = body_.find(quote, end + 1);
    if (end == npos) return false;
  } while (is_at(end + 1, quote) && ++end);
  if (quote == '"' && end == at_ + 1) return false;  // "" is no name
  at_ = end + 1;
  return true;
}

// A parameter, or a literal in dollar quotes.
bool Splitter::pass_dollar() {
  begin_token();
  if (class_at(at_ + 1) == Class::digit) {
    ++at_;
    while (class_at(at_) == Class::digit) ++at_;
    return class_at(at_) != Class::word;
  }
  std::size_t end = at_ + 1;
  while (class_at(end) == Class::word || class_at(end) == Class::digit) ++end;
  if (!is_at(end, '$')) return false;
  const std::string_view tag = body_.substr(at_, end + 1 - at_);
  const std::size_t closing = body_.find(tag, end + 1);
  if (closing == npos) return false;
  at_ = closing + tag.size();
  return true;
}

void Splitter::pass_line_comment() {
  if (comment_ == npos) comment_ = at_;
  at_ = std::min(body_.find_first_of("\r\n", at_), body_.size());
}

bool Splitter::pass_block_comment() {
  if (comment_ == npos) comment_ = at_;
  std::size_t end = at_ + 2;
  for (int depth = 1; depth > 0; ++end) {
    end = body_.find_first_of("*/", end);
    if (end == npos) return false;
    const int change = body_[end] == '*' ? (is_at(end + 1, '/') ? -1 : 0) : (is_at(end + 1, '*') ? 1 : 0);
    depth += change;
    if (change != 0) ++end;
  }
  at_ = end;
  return true;
}

// Before the `;`, or at the end of the text.
void Splitter::finish() {
  const std::string_view text = trim(body_.substr(start_, std::min(comment_, at_) - start_));
  statements_.push_back({std::string(text), places_.at(start_), "", false});
  open_ = false;
  comment_ = npos;
}

}  // namespace

std::optional<std::vector<Statement>> split_plain(const SourceText& source) {
  if (body_of(source).find('\0') != npos) return std::nullopt;  // an error, in comments and literals as well
  return Splitter(source).run();
}

}  // namespace martlet
