#include "gate/listing.h"

#include <fmt/format.h>

namespace martlet {

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::vector<std::string> shortened(std::vector<std::string> lines, std::size_t limit) {
  if (lines.size() <= limit) return lines;
  const std::size_t more = lines.size() - limit;
  lines.resize(limit);
  lines.push_back(fmt::format("and {} more", more));
  return lines;
}

}  // namespace martlet
