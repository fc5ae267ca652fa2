// Runs jobs inside one transaction, pipelined.
#pragma once

#include <span>

#include "run/job.h"
#include "run/session.h"

namespace martlet {

/// Runs all jobs in one transaction together with what they record, retrying the whole of it while locks are in the
/// way (until settings.lock_deadline). On return everything is committed, also where the connection was lost in the
/// COMMIT and the ledger had to tell. Throws with everything rolled back: the server's error at its place in the file;
/// LockTimeout naming who stands in the way; ConnectionLost once the ledger has shown that nothing was committed.
void run_in_transaction(Session& session, std::span<Job> jobs);

}  // namespace martlet
