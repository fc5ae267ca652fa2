// Does a prediction agree with what was measured?
#pragma once

#include <string>
#include <vector>

#include "effects/effects.h"

namespace martlet {

/// Where the two differ, for people; empty = they agree. Agreement is: the same strongest lock on each relation, from
/// RowExclusive on (weaker ones on indexes are the planner's choice); the same set of rewritten, of scanned (a
/// rewritten heap is scanned) and of rebuilt relations by name; the same refusal in a transaction block (all that is
/// compared then); failing or not, whatever the SQLSTATE. The server's own catalogs do not count.
std::vector<std::string> disagreements(const Effects& predicted, const Effects& measured);

/// Did it fail, unpredicted, for what only the rows decide: a key that is not unique, a value that cannot be cast, a
/// check that a row breaks (SQLSTATE classes 22 and parts of 23)?
bool is_up_to_the_rows(const Effects& predicted, const Effects& measured);

/// The effects of statements that run one after the other in one transaction, as locks are held to its end and a
/// failure ends it. Relations that the earlier ones made are not known here: the caller leaves them out.
void add_later(Effects& whole, const Effects& later);

}  // namespace martlet
