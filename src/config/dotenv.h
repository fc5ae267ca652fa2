// .env files: NAME=value lines, as shells and the usual libraries read them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace martlet {

/// One variable of a .env file and the line it stands in.
struct DotenvEntry {
  std::string name;
  std::string value;
  int line = 0;
};

/// Reads `NAME=value`, `export NAME=value`, `'literal'`, `"with \n \" \\ escapes"` (either may span lines), `#
/// comments` (after an unquoted value too, where a space stands before). Variables are not expanded. Throws
/// Error{usage} with file:line where a line is none of these.
std::vector<DotenvEntry> parse_dotenv(std::string_view text, const std::string& file);

}  // namespace martlet
