// The written documents of the repository, as tests read them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace martlet::testing {

struct Document {
  std::filesystem::path path;
  std::string text;
};

/// In the repository: README.md, HACKING.md, ARCHITECTURE.md, docs/**/*.md and examples/**/*.md.
std::vector<Document> documents(const std::filesystem::path& repository);

}  // namespace martlet::testing
