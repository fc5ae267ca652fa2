// docs/hazards.md has the hazards that there are.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.h"
#include "cli/hazard_page.h"

namespace martlet {
namespace {

TEST(HazardsDocument, IsWhatTheRegistrySays) {
  const std::string path = std::string(MARTLET_SOURCE_DIR) + "/docs/hazards.md";
  if (std::getenv("MARTLET_REBASELINE") != nullptr) return write_file(path, hazards_markdown());
  EXPECT_EQ(read_file(path), hazards_markdown()) << "./dev test --rebaseline writes it anew";
}

}  // namespace
}  // namespace martlet
