// What checks share in wording.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace martlet {

/// "1 index", "3 indexes": `plural` is written out because English is not regular.
std::string counted(std::size_t count, std::string_view singular, std::string_view plural);

/// At most `limit` of the lines, and how many more there are.
std::vector<std::string> shortened(std::vector<std::string> lines, std::size_t limit = 20);

}  // namespace martlet
