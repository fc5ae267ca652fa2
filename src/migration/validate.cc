#include <algorithm>
#include <tuple>

#include "base/registry.h"
#include "migration/arguments.h"
#include "migration/check.h"

namespace martlet {

std::vector<Part> parts_of(const Migration& migration) {
  std::vector<Part> parts{{&migration.up, "up"}};
  if (migration.down) parts.push_back({&*migration.down, "down"});
  if (migration.contract) parts.push_back({&*migration.contract, "contract"});
  return parts;
}

const Directive* allowance(const Migration& migration, std::string_view hazard) {
  for (const Directive& directive : migration.directives) {
    if (directive.name == "allow" && DirectiveWords(directive.arguments).word() == hazard) return &directive;
  }
  return nullptr;
}

std::vector<Finding> validate_files(const Folder& folder, const FolderOptions& options) {
  std::vector<Finding> found = folder.problems;
  for (const FileCheck* check : Registry<FileCheck>::all()) check->find(folder, options, found);
  std::stable_sort(found.begin(), found.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.place.file, a.place.line, a.place.column) < std::tie(b.place.file, b.place.line, b.place.column);
  });
  return found;
}

}  // namespace martlet
