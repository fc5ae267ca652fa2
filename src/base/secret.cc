#include "base/secret.h"

#include <cctype>
#include <optional>

#include "base/text.h"

namespace martlet {
namespace {

constexpr std::string_view kMask = "***";

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}
bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

bool word_at(std::string_view text, std::size_t at, std::string_view word) {
  return equals_ignoring_case(text.substr(at, word.size()), word);
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && is_space(text[at])) ++at;
  return at;
}

/// A stretch of the text that is secret.
struct Span {
  std::size_t begin, end;
};

// From the quote at `at` to its end; a doubled quote stays inside, a backslash escapes in E'…' only.
Span quoted(std::string_view text, std::size_t at, bool backslashes) {
  std::size_t end = at + 1;
  for (; end < text.size(); ++end) {
    if (backslashes && text[end] == '\\') {
      ++end;
    } else if (text[end] == '\'') {
      if (end + 1 >= text.size() || text[end + 1] != '\'') break;
      ++end;
    }
  }
  return {at + 1, std::min(end, text.size())};
}

std::optional<Span> dollar_quoted(std::string_view text, std::size_t at) {
  std::size_t tag_end = at + 1;
  while (tag_end < text.size() && is_word(text[tag_end])) ++tag_end;
  if (tag_end >= text.size() || text[tag_end] != '$') return std::nullopt;
  const std::string_view tag = text.substr(at, tag_end - at + 1);
  const std::size_t close = text.find(tag, tag_end + 1);
  return Span{tag_end + 1, close == std::string_view::npos ? text.size() : close};
}

// A string literal at `at`, in any of SQL's spellings.
std::optional<Span> literal(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  if (text[at] == '\'') return quoted(text, at, false);
  if (text[at] == '$') return dollar_quoted(text, at);
  if (word_at(text, at, "e'")) return quoted(text, at + 1, true);
  if (word_at(text, at, "u&'")) return quoted(text, at + 2, false);
  return std::nullopt;
}

// `password=…` of a URL's query ends at &, of a connection string at white space.
std::optional<Span> assigned(std::string_view text, std::size_t at) {
  at = skip_spaces(text, at);
  if (at >= text.size() || text[at] != '=') return std::nullopt;
  at = skip_spaces(text, at + 1);
  if (const auto found = literal(text, at)) return found;
  std::size_t end = at;
  while (end < text.size() && !is_space(text[end]) &&
         std::string_view("&;'\",)").find(text[end]) == std::string_view::npos)
    ++end;
  if (end == at) return std::nullopt;
  return Span{at, end};
}

// PASSWORD '…', IDENTIFIED BY '…', password=…; `at` is the beginning of a word.
std::optional<Span> after_keyword(std::string_view text, std::size_t at) {
  for (const std::string_view word : {"sslpassword", "pgpassword", "password", "identified by"}) {
    if (!word_at(text, at, word)) continue;
    const std::size_t end = at + word.size();
    if (const auto found = literal(text, skip_spaces(text, end))) return found;
    return assigned(text, end);
  }
  return std::nullopt;
}

// Where the `?key=value` part of a URL begins: a `?` that no `=` follows belongs to a password.
std::size_t query_start(std::string_view url) {
  const std::size_t mark = url.rfind('?');
  return mark != std::string_view::npos && url.find('=', mark) != std::string_view::npos ? mark : url.size();
}

// The password of scheme://user:password@host; `at` is behind the two slashes. It goes on to the last @, so that one
// with an unescaped @ or / in it is not shown either.
std::optional<Span> in_authority(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && !is_space(text[end]) &&
         std::string_view("\"'<>").find(text[end]) == std::string_view::npos)
    ++end;
  std::string_view url = text.substr(at, end - at);
  url = url.substr(0, query_start(url));
  const std::size_t sign = url.rfind('@');
  const std::size_t colon = url.find(':');
  if (sign == std::string_view::npos || colon == std::string_view::npos || colon + 1 >= sign) return std::nullopt;
  return Span{at + colon + 1, at + sign};
}

std::optional<Span> secret_at(std::string_view text, std::size_t at) {
  if (at >= 3 && text.substr(at - 3, 3) == "://") return in_authority(text, at);
  if (at > 0 && is_word(text[at - 1])) return std::nullopt;
  return after_keyword(text, at);
}

}  // namespace

std::string mask_passwords(std::string_view text) {
  std::string masked;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto secret = secret_at(text, at);
    if (!secret) continue;
    masked.append(text.substr(copied, secret->begin - copied)).append(kMask);
    copied = secret->end;
    at = std::max(at, secret->end == 0 ? 0 : secret->end - 1);
  }
  return masked.append(text.substr(copied));
}

}  // namespace martlet
