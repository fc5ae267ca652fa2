// What old code uses, and a statement takes away.
#pragma once

#include <optional>
#include <vector>

#include "plan/plan.h"

namespace martlet {

/// What a recipe's step takes away from old code in the contract phase: what it renames, or the view that it drops.
/// nullopt for any other; of a second column, which goes as well, old code knows nothing.
std::optional<OldName> taken_away(const Operation& operation);

/// Every name that the statement, as a person wrote it, takes away: of tables, views and columns that it drops, renames
/// or moves to another schema. Those that were not there are left out.
std::vector<OldName> all_taken_away(const Operation& operation);

}  // namespace martlet
