// The sessions in which batches run.
#pragma once

#include <memory>

#include "step/batch/run_batches.h"

namespace martlet {

/// A session with the settings that the run's own has now (a migration may have SET some), and those that a batch
/// needs: rows that a policy hides are an error, ranges are read by index, and a commit does not wait for the disk,
/// because what a crash of the server loses of it, it loses together with its place in the journal.
std::unique_ptr<Connection> open_batch_session(const BatchContext& context, const BatchSettings& settings);

}  // namespace martlet
