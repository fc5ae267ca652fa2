// A plan as a script that plain psql runs.
#pragma once

#include <chrono>
#include <span>
#include <string>

#include "plan/plan.h"

namespace martlet {

/// The expand phase as SQL for psql: transactions shown, lock waits bounded, batches as loops that commit (DO with
/// COMMIT: PostgreSQL 11 and later). It stops at the first error. What belongs to later phases stands at the end as
/// comments. It records nothing: a last comment says how to tell martlet.
std::string psql_script(std::span<const PlannedMigration> migrations, std::chrono::milliseconds lock_wait);

}  // namespace martlet
