// Joining the heads of the version graph.
#pragma once

#include <string>
#include <vector>

#include "migration/folder.h"

namespace martlet {

/// Writes a migration without statements that depends on every head. Throws Error{usage} where there is only one.
/// Returns its paths.
std::vector<std::string> merge_heads(const Folder& folder, const std::string& name);

}  // namespace martlet
