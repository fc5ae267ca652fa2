// A ledger row as this run writes it.
#pragma once

#include "history/ledger.h"
#include "migration/migration.h"

namespace martlet {

/// The row and texts of a migration in the given state, signed by who runs.
AppliedMigration applied_row(const Migration& migration, LedgerState state, long long order, const Identity& who);

}  // namespace martlet
