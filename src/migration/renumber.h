// Resolving a version conflict by giving a file that was not applied another version.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "migration/folder.h"

namespace martlet {

/// A migration that some database has: its ledger row's id and name.
struct AppliedFile {
  std::string id;
  std::string name;  // Migration::name; "" where not known, then every file of the id counts as applied
};

struct Renumbered {
  std::string from, to;  // labels or versions, as shown
  std::vector<std::string> paths;
};

/// Gives the next free version to files that were not applied and share a version with another file or come before an
/// applied one. `which` ("" = all of those) picks one file by id, label, stem or path, conflict or not. Dependencies on
/// the old version in other files are not rewritten. Throws Error{refused} where `which` was applied, Error{usage}
/// where there is no such file or several.
std::vector<Renumbered> renumber(const Folder& folder, const std::vector<AppliedFile>& applied,
                                 const std::string& which);

}  // namespace martlet
