// A statement of a migration that runs in committed batches.
#pragma once

#include <vector>

#include "history/journal.h"
#include "run/job.h"
#include "run/session.h"
#include "step/executor.h"

namespace martlet {

/// Makes the step's change in batches, and tells how it goes on as events. `left`: the journal's entries of the job,
/// read again where the connection was lost. `reconnected` is called after each reconnect. Throws Error as
/// run_batches() does; ConnectionLost only where the connection is lost again and again without any row changed.
void perform_batched(Session& session, const Job& job, const Step& step, std::vector<JournalEntry>& left,
                     const std::function<void()>& reconnected);

}  // namespace martlet
