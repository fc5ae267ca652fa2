// A check that needs no database. One file in checks/ each.
#pragma once

#include <string_view>
#include <vector>

#include "migration/folder.h"

namespace martlet {

/// Adds what it finds. May read everything of the folder.
struct FileCheck {
  std::string_view id;
  std::string_view summary;
  void (*find)(const Folder& folder, const FolderOptions& options, std::vector<Finding>& found);
};

/// Findings of all parts of one migration (up, down, contract), for checks that look at statements.
struct Part {
  const SourceText* source;
  std::string_view name;  // "up", "down" or "contract"
};
std::vector<Part> parts_of(const Migration& migration);

/// The `-- martlet:allow` of a hazard in this migration, or nullptr.
const Directive* allowance(const Migration& migration, std::string_view hazard);

}  // namespace martlet
