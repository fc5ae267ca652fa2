// Runs a migration that is not one transaction: statement by statement, through the journal.
#pragma once

#include <vector>

#include "history/journal.h"
#include "run/job.h"
#include "run/session.h"

namespace martlet {

/// Performs every statement that `left` (the journal's entries of an earlier run of this job; empty for a first run)
/// does not show as done, then records the job and clears its entries in one transaction. SET and RESET are not
/// journalled: they run every time, as a resumed run has a session of its own. Throws Error{partial} saying which
/// statements are done; any other kind where nothing of the job remains.
void run_stepwise(Session& session, Job& job, std::vector<JournalEntry> left);

}  // namespace martlet
