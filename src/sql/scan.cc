#include "sql/scan.h"

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include <utility>

#include "sql/characters.h"
#include "sql/unpacked.h"

namespace martlet {
namespace {

/// What the library returned, freed at the end.
class RawScan {
 public:
  explicit RawScan(std::string_view text) : result_(scan(std::string(text))) {}
  RawScan(const RawScan&) = delete;
  RawScan& operator=(const RawScan&) = delete;
  ~RawScan() { pg_query_free_scan_result(result_); }

  const PgQueryError* error() const { return result_.error; }
  std::vector<ScanToken>& tokens() { return tokens_; }

 private:
  PgQueryScanResult scan(const std::string& text);

  std::vector<ScanToken> tokens_;  // before result_, which is made with them
  PgQueryScanResult result_;
};

PgQueryScanResult RawScan::scan(const std::string& text) {
  const UnpackedTokens unpacked([&](const PgQuery__ScanResult& found) noexcept {
    tokens_.reserve(found.n_tokens);
    for (std::size_t i = 0; i < found.n_tokens; ++i) {
      const PgQuery__ScanToken& token = *found.tokens[i];
      tokens_.push_back({static_cast<std::size_t>(token.start), static_cast<int>(token.token)});
    }
  });
  return pg_query_scan(text.c_str());
}

std::string without_excerpt(std::string message) {
  return message.substr(0, message.find(" at or near \""));
}

/// The scanner gives no position for a literal whose escapes make invalid UTF-8: the shortest prefix that fails in the
/// same way ends with that literal.
std::size_t find_unplaced_error(std::string_view text) {
  std::size_t clean = 0, failing = text.size();
  while (failing - clean > 1) {
    std::size_t middle = clean + (failing - clean) / 2;
    RawScan prefix(text.substr(0, middle));
    bool fails = prefix.error() && prefix.error()->cursorpos == 0;
    (fails ? failing : clean) = middle;
  }
  return failing - 1;
}

}  // namespace

Scan scan(std::string_view text) {
  RawScan raw(text);
  if (!raw.error()) return {std::move(raw.tokens()), "", 0, 0};
  int position = raw.error()->cursorpos;
  std::size_t offset = position > 0 ? byte_offset(text, position - 1) : find_unplaced_error(text);
  // A problem inside a literal: what stands before it ends in the middle of that literal, which tells where it began.
  Scan before = offset > 0 ? scan(text.substr(0, offset)) : Scan{};
  if (before.error.empty()) before.error_token = offset;
  before.error = without_excerpt(raw.error()->message);
  before.error_offset = position > 0 ? offset : before.error_token;
  return before;
}

}  // namespace martlet
