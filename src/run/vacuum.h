// martlet's own tables, tidied up.
#pragma once

#include <string>
#include <vector>

#include "run/session.h"

namespace martlet {

/// VACUUM (ANALYZE) of those of martlet's tables that have dead rows, or changed since they were last looked at; which
/// they were. Needs the lease. Nothing on SQLite, which keeps its pages itself.
std::vector<std::string> vacuum_own_tables(Session& session);

}  // namespace martlet
