// What kind of terminal the output goes to, and how wide text is on it.
#pragma once

#include <string>
#include <string_view>

#include "cli/output.h"

namespace martlet {

/// Looks at the descriptors and the environment (NO_COLOR, COLUMNS, TERM). Colour follows standard output.
OutputOptions detect_terminal();
/// Does standard error take colour? Errors go there even where output is piped.
bool stderr_has_color();

/// Columns that `text` fills: most characters one, combining marks none, East Asian wide characters and emoji two.
std::size_t display_width(std::string_view text);
/// `text` cut to `width` columns, its last one then being "…".
std::string cut_to_width(std::string_view text, std::size_t width);
/// Line breaks and control characters replaced by spaces, so that a text stays in its cell.
std::string one_line(std::string_view text);

}  // namespace martlet
