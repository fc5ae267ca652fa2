// A migration file's text, normalised, and its checksum.
#pragma once

#include <string>
#include <string_view>

#include "sql/statement.h"

namespace martlet {

/// Largest file that is read: PostgreSQL takes no message beyond 1 GiB.
inline constexpr std::size_t kMaxFileBytes = 1024UL * 1024 * 1024 - 1;

/// Reads a file and strips its BOM and carriage returns at line ends. Throws Error{validation} naming the file: it is
/// missing or unreadable, larger than kMaxFileBytes, or not UTF-8 (with line, column and byte).
SourceText read_source(const std::string& path);

/// The same for text that is there already; `file` names it in errors.
SourceText normalise_source(std::string text, std::string file);

/// "sha256:…" over the normalised text.
std::string checksum_of(const SourceText& whole);

}  // namespace martlet
