// ADD PRIMARY KEY and ADD UNIQUE build an index in the same way.
#pragma once

#include <string_view>

#include "hazard/hazard.h"

namespace martlet {

/// Reports each constraint of this kind, of ADD CONSTRAINT or ADD COLUMN, whose index is built by the statement.
/// `name`: the kind as SQL calls it.
void check_key_build(const Case& at, Findings& found, PgQuery__ConstrType kind, std::string_view name);

}  // namespace martlet
