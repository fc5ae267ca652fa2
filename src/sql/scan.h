// PostgreSQL's own scanner: text → tokens.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace martlet {

/// One token, comments included. Only its start is kept: the library's ends are wrong for U&'…' literals.
struct ScanToken {
  std::size_t start = 0;  // byte offset
  int kind = 0;           // a PgQuery__Token; 0 = the end of the text
};

/// Tokens up to the first error, if there was one.
struct Scan {
  std::vector<ScanToken> tokens;
  std::string error;             // the scanner's own words without ` at or near "…"`, "" = the whole text was scanned
  std::size_t error_token = 0;   // byte offset of the token that could not be scanned
  std::size_t error_offset = 0;  // byte offset of the problem, inside that token
};

/// Scans text that has no NUL byte. Every call is independent and may be made from any thread.
Scan scan(std::string_view text);

}  // namespace martlet
