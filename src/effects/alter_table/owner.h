// Relations that change hands.
#pragma once

#include <string>

#include "effects/execution.h"

namespace martlet {

/// Gives the relation to a role, with its indexes and its columns' sequences, all locked ACCESS EXCLUSIVE (tablecmds.c,
/// ATExecChangeOwner).
void change_owner(Execution& execution, ObjectId relation, const std::string& owner);

}  // namespace martlet
