// What a contract step takes away from old code.
#pragma once

#include <optional>

#include "plan/plan.h"

namespace martlet {

/// What the step takes away from old code, in the contract phase: what it renames or drops. nullopt for any other.
std::optional<OldName> taken_away(const Operation& operation);

}  // namespace martlet
