// What `validate` finds when it compares the files with a database.
#pragma once

#include <vector>

#include "cli/target_ledger.h"
#include "migration/folder.h"

namespace martlet {

/// Files edited after they were applied (with the difference), applied ones that are gone, ones that come before an
/// applied one, runs that were not finished.
std::vector<Finding> ledger_findings(const Config& config, const Folder& folder, const TargetLedger& target);

}  // namespace martlet
