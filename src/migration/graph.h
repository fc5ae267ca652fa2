// The version graph: which migration follows which.
#pragma once

#include <vector>

#include "migration/folder.h"

namespace martlet {

/// Puts the folder's migrations in run order (dependencies first, else by version; repeatables last, by name) and adds
/// the problems "duplicate-version", "unknown-dependency", "dependency-cycle" and "several-heads".
/// Without `depends` a migration follows the version before it, unless that one depends on it.
void order_by_graph(Folder& folder);

}  // namespace martlet
