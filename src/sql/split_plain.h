// The statements of ordinary PostgreSQL text, without the server's scanner: that one makes a token of each word, twice.
#pragma once

#include <optional>
#include <vector>

#include "sql/statement.h"

namespace martlet {

/// What split_scanned() returns, ten times as fast; nullopt where the text has anything that only the server's scanner
/// can judge: COPY, BEGIN ATOMIC, E'' and U&'' literals, psql commands, numbers with letters, whatever is an error.
std::optional<std::vector<Statement>> split_plain(const SourceText& source);

}  // namespace martlet
