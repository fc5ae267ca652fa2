// The difference of two texts, for people.
#pragma once

#include <string>
#include <string_view>

namespace martlet {

/// A unified diff, line by line, with three lines around each change; "" where the texts are equal. A missing newline
/// at the end does not count. Texts that differ in thousands of lines are shown as replaced as a whole.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name);

}  // namespace martlet
