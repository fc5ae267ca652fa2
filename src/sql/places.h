// Byte offsets in a SourceText → places in its file.
#pragma once

#include <cstddef>
#include <string_view>

#include "sql/statement.h"

namespace martlet {

/// The text of `source` without a leading byte order mark.
std::string_view body_of(const SourceText& source);

/// Turns ascending offsets into places at a cost that is linear in the text (an earlier offset starts over).
class Places {
 public:
  explicit Places(const SourceText& source);

  /// The place of a byte offset in body_of(source).
  Place at(std::size_t offset);

 private:
  std::string_view body_;
  std::string file_;
  int first_line_;
  std::size_t line_start_ = 0;
  int lines_ = 0;
};

/// The place of a byte of a statement's text.
Place place_in(const Statement& statement, std::size_t offset);

/// Throws Error{validation} with the place of the first NUL byte, if there is one: neither server takes it in SQL.
void reject_nul_bytes(const SourceText& source);

}  // namespace martlet
