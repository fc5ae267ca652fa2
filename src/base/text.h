// Small text work that several rooms need.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace martlet {

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
/// Splits at every `separator`, trims each part, drops empty parts.
std::vector<std::string> split_list(std::string_view text, char separator = ',');
/// The lines without their ends; a last line without one counts.
std::vector<std::string> split_lines(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// ASCII letters compared without case.
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// The candidate nearest to `word` by edit distance, if one is near enough to be what was meant, or the only one that
/// begins with it.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

/// Byte offset of the first byte that is not valid UTF-8, or nullopt.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);
/// Number of characters (code points) in valid UTF-8.
std::size_t count_characters(std::string_view text);

/// Line and column (from 1, in characters) of a byte offset.
struct LineColumn {
  int line = 1;
  int column = 1;
};
LineColumn line_column_at(std::string_view text, std::size_t offset);

/// Orders text the way people number things: "V2" before "V10".
bool natural_less(std::string_view a, std::string_view b);

}  // namespace martlet
