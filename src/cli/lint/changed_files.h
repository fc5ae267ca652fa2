// Which files git says have changed.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace martlet {

/// Canonical paths of the files in the repository around `folder` that differ from `revision`, and of new ones that git
/// does not know yet. Throws Error{usage} where there is no repository, no such revision, or no git.
std::set<std::filesystem::path> changed_files(const std::filesystem::path& folder, const std::string& revision);

}  // namespace martlet
