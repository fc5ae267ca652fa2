// `--tx all`: will the server's lock table hold what one transaction needs?
#pragma once

#include <span>

#include "run/job.h"
#include "run/session.h"

namespace martlet {

/// How many locks the jobs will hold at their end, estimated from their statements: what each creates, counted with
/// its indexes, sequences and TOAST table (measured on PostgreSQL 15 with pg_locks).
long estimated_locks(std::span<const Job> jobs);

/// Throws Error{validation} where that is more than max_locks_per_transaction × (max_connections +
/// max_prepared_transactions), the size of the shared lock table (PostgreSQL docs 20.12): such a run would fail late,
/// with "out of shared memory". SQLite has no such limit.
void refuse_over_lock_capacity(Session& session, std::span<const Job> jobs);

}  // namespace martlet
