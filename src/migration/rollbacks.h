// Down parts in files of their own, matched by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "migration/folder.h"

namespace martlet {

/// Gives each file (relative to the folder) to the migration whose stem is its own, or its own without `ending`
/// ("_down"); drizzle's may be named by the version alone. A file of no migration is the problem
/// "down-without-migration".
void attach_rollback_files(Folder& folder, const std::vector<std::string>& files, std::string_view ending);

/// Throws Error{usage} where a repeatable is wanted in a layout that has none.
void refuse_repeatable(const Folder& folder, const NewMigration& wanted);

}  // namespace martlet
