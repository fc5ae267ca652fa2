// PostgreSQL cuts names to 63 bytes and goes on with a notice (scan.l, truncate_identifier).
#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

constexpr std::size_t kLongest = 63;  // bytes; NAMEDATALEN - 1

// Could there be a name that long? Says yes too often, and costs next to nothing.
bool has_long_run(std::string_view text) {
  std::size_t run = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && text.substr(at).starts_with("\"\"")) {
      ++at;
      ++run;
    } else if (c == '"') {
      quoted = !quoted;
      run = 0;
    } else if (quoted || c == '_' || c == '$' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
               (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80) {
      if (++run > kLongest) return true;
    } else {
      run = 0;
    }
  }
  return false;
}

std::size_t length_of(const Token& token) {
  if (token.kind == Token::Kind::word) return token.text.size();
  if (token.kind != Token::Kind::quoted || !token.text.starts_with('"')) return 0;
  std::size_t length = token.text.size() - 2;
  for (std::size_t at = token.text.find("\"\"", 1); at < token.text.size() - 2; at = token.text.find("\"\"", at + 2)) {
    --length;
  }
  return length;
}

// The name as PostgreSQL cuts it: not inside of a character (pg_mbcliplen), and `""` counts as one byte.
std::string cut(const Token& token) {
  const bool quoted = token.kind == Token::Kind::quoted;
  const std::string_view text = quoted ? token.text.substr(1, token.text.size() - 2) : token.text;
  std::size_t end = 0;
  for (std::size_t at = 0, bytes = 0; at < text.size() && bytes <= kLongest;) {
    const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
    if (begins) end = at;
    at += text.substr(at).starts_with("\"\"") ? 2 : 1;
    ++bytes;
  }
  return quoted ? fmt::format("\"{}\"", text.substr(0, end)) : std::string(text.substr(0, end));
}

void check(const Case& at, Findings& found) {
  const std::string_view text = at.statement.text;
  if (text.size() <= kLongest || at.in_body || !has_long_run(text)) return;
  Lexer lexer(text, Dialect::postgres);
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
    if (token.kind == Token::Kind::unterminated) return;
    const std::size_t length = length_of(token);
    if (length <= kLongest) continue;
    HazardFinding& finding = found.add(at, fmt::format("a name of {} bytes is cut to its first {}", length, kLongest),
                                       static_cast<int>(token.offset));
    finding.fix = TextFix{.edits = {{token.offset, token.offset + token.text.size(), cut(token)}}};
  }
}

const Registered<Hazard> kHazard{{
    .id = "identifier-too-long",
    .severity = Hazard::Severity::warning,
    .summary = "a name is longer than 63 bytes",
    .why =
        "PostgreSQL cuts it without an error. Two names with the same beginning become one, and whoever looks for the "
        "whole name in the catalog (tools, IF NOT EXISTS in application code, a later DROP by another tool) does not "
        "find it.",
    .safe_form = "Choose a name of at most 63 bytes; `martlet lint --fix` writes the one that PostgreSQL takes anyway.",
    .on = {},
    .check = check,
}};

}  // namespace
}  // namespace martlet
