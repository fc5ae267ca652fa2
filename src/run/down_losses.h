// Would these downs destroy data that somebody else wrote than the run they take back?
#pragma once

#include <span>
#include <string>
#include <vector>

#include "run/job.h"

namespace martlet {

/// One sentence each: "V007__x.sql:9: drops table orders, which has rows that others wrote". Asks the database: a table
/// without rows loses nothing, nor does one whose rows were all written by the transaction that made it; a column
/// likewise, and its default is nothing. Where it cannot be told in a few seconds, it counts as a loss. As
/// effects/destructive.h, it does not see what an UPDATE, a DELETE with a WHERE or a change of type destroys.
std::vector<std::string> down_losses(Connection& connection, std::span<const Job> downs);

}  // namespace martlet
