// The cases of tests/sql/split: text in, statements with their places (or an error) out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sql/statement.h"

namespace martlet::testing {

/// One case of a .test file:
///
///     === what it shows
///     input; <BOM>, <CR>, <NUL> stand for these characters, <EOF> for the end (otherwise a line end)
///     ---
///     @line:column
///     text of a statement
///     @copy
///     data of the COPY before
///     !line:column beginning of the message
struct SplitCase {
  std::string name;
  Dialect dialect = Dialect::postgres;
  std::string input;
  std::string expected;
};

/// Every case in the .test files of tests/sql/split/<dialect>.
std::vector<SplitCase> read_split_cases(const std::filesystem::path& folder, Dialect dialect);

/// What split() makes of a text, in the form of `expected`. An error is given with its whole message.
std::string describe_split(const SourceText& source, Dialect dialect);

}  // namespace martlet::testing
