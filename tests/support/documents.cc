#include "tests/support/documents.h"

#include <algorithm>

#include "base/files.h"

namespace martlet::testing {
namespace fs = std::filesystem;

std::vector<Document> documents(const fs::path& root) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.path().extension() == ".md") paths.push_back(entry.path());
  }
  for (const char* folder : {"docs", "examples"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() == ".md") paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Document> found;
  for (const fs::path& path : paths) found.push_back({path, read_file(path.string())});
  return found;
}

}  // namespace martlet::testing
