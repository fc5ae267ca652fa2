// A link in a document leads somewhere.
#include <gtest/gtest.h>

#include <regex>

#include "tests/support/documents.h"

namespace martlet::testing {
namespace {

TEST(Documents, LinksLeadToFilesOfTheRepository) {
  const std::regex link(R"(\]\(([^)#\s]+)(#[^)]*)?\))");
  int seen = 0;
  for (const Document& document : documents(MARTLET_SOURCE_DIR)) {
    for (std::sregex_iterator at(document.text.begin(), document.text.end(), link), end; at != end; ++at) {
      const std::string target = (*at)[1];
      if (target.find("://") != std::string::npos) continue;
      ++seen;
      EXPECT_TRUE(std::filesystem::exists(document.path.parent_path() / target))
          << document.path << " links to " << target;
    }
  }
  EXPECT_GT(seen, 10);
}

}  // namespace
}  // namespace martlet::testing
