// Writing and renaming migrations of the drizzle layout.
#pragma once

#include <string>
#include <vector>

#include "migration/folder.h"

namespace martlet::drizzle {

/// Writes the next numbered file with its journal entry, or a new folder where the project has folders, and a rollback
/// file. Returns the paths.
std::vector<std::string> create(const Folder& folder, const NewMigration& wanted);

/// Renames the files (or the folder), the snapshot and the journal entry. Returns the new paths.
std::vector<std::string> rename(const Folder& folder, const Migration& migration, const std::string& version);

}  // namespace martlet::drizzle
