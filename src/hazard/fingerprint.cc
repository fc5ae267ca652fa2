#include "hazard/fingerprint.h"

#include <fmt/format.h>

#include <map>

#include "base/digest.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

std::uint64_t add(std::uint64_t digest, std::string_view text) {
  for (const char c : text) digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return digest;
}

}  // namespace

std::uint64_t text_digest(std::string_view sql, Dialect dialect) {
  std::uint64_t digest = 0xcbf29ce484222325;
  Lexer tokens(sql, dialect);
  for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next()) {
    digest = add(add(digest, token.text), " ");
    if (token.kind == Token::Kind::unterminated) break;
  }
  return digest;
}

std::vector<std::string> fingerprints(const std::deque<HazardFinding>& findings) {
  std::vector<std::string> prints;
  std::map<std::string, int> seen;
  for (const HazardFinding& each : findings) {
    const std::string what = fmt::format("{}\n{}\n{:016x}\n{}", each.finding.id, each.finding.place.file, each.digest,
                                         each.digest == 0 ? each.finding.message : "");
    prints.push_back(sha256_hex(fmt::format("{}\n{}", what, seen[what]++)).substr(0, 32));
  }
  return prints;
}

}  // namespace martlet
