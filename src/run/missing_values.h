// A column that must have a value, of a table whose rows have none: only a person knows them.
#pragma once

#include "run/phases.h"
#include "run/planning.h"

namespace martlet {

/// Throws Error{validation} where a statement of the plan adds a NOT NULL column without a default, as it is written,
/// to a table that has rows: it would fail, having locked everybody out. Looks at the table; not where an earlier
/// statement of the plan takes its rows away.
void refuse_missing_values(Session& session, const PendingPlan& plan);

/// The same before a contract that makes such a column NOT NULL: Error{refused} while a row has no value. Reads the
/// table, and holds nobody up.
void refuse_missing_values(Session& session, const WaitingPhase& waiting);

}  // namespace martlet
