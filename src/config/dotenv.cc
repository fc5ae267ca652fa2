#include "config/dotenv.h"

#include <cctype>

#include "base/error.h"
#include "base/text.h"

namespace martlet {
namespace {

bool is_name(std::string_view name) {
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) return false;
  for (const char c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.') return false;
  }
  return true;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : text_(text), file_(file) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  std::vector<DotenvEntry> read() {
    std::vector<DotenvEntry> entries;
    while (at_ < text_.size()) {
      const std::size_t end = line_end();
      const std::string_view line = trim(text_.substr(at_, end - at_));
      if (line.empty() || line.front() == '#')
        advance_to(end + 1);
      else
        entries.push_back(entry(end));
    }
    return entries;
  }

 private:
  DotenvEntry entry(std::size_t end) {
    const std::size_t equals = text_.find('=', at_);
    if (equals == std::string_view::npos || equals > end) fail("expected NAME=value");
    std::string_view name = trim(text_.substr(at_, equals - at_));
    if (name.starts_with("export ")) name = trim(name.substr(7));
    if (!is_name(name)) fail("expected NAME=value");
    DotenvEntry made{std::string(name), {}, line_};
    advance_to(equals + 1);
    while (at_ < end && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    made.value = at_ < end && (text_[at_] == '"' || text_[at_] == '\'') ? quoted() : bare();
    return made;
  }

  std::string bare() {
    const std::size_t end = line_end();
    std::string_view value = text_.substr(at_, end - at_);
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '#' && (i == 0 || value[i - 1] == ' ' || value[i - 1] == '\t')) {
        value = value.substr(0, i);
        break;
      }
    }
    advance_to(end + 1);
    return std::string(trim(value));
  }

  std::string quoted() {
    const char quote = text_[at_];
    const int first_line = line_;
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      char c = text_[at_];
      if (c == '\n') ++line_;
      if (c == '\\' && quote == '"' && at_ + 1 < text_.size()) c = escaped(text_[++at_]);
      if (c != '\r') value += c;
    }
    if (at_ >= text_.size()) {
      line_ = first_line;
      fail("the quote is never closed");
    }
    ++at_;
    const std::size_t end = line_end();
    const std::string_view rest = trim(text_.substr(at_, end - at_));
    if (!rest.empty() && rest.front() != '#') fail("text after the closing quote");
    advance_to(end + 1);
    return value;
  }

  static char escaped(char c) {
    switch (c) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      default:
        return c;
    }
  }

  std::size_t line_end() const { return std::min(text_.find('\n', at_), text_.size()); }

  void advance_to(std::size_t to) {
    for (; at_ < to && at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
    }
  }

  [[noreturn]] void fail(std::string message) const {
    throw Error(ErrorKind::usage, std::move(message)).at({file_, line_, 0}).next("correct the line and run again");
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<DotenvEntry> parse_dotenv(std::string_view text, const std::string& file) {
  return Reader(text, file).read();
}

}  // namespace martlet
