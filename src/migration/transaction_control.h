// BEGIN, COMMIT and ROLLBACK in a migration, whose transactions are the runner's business.
#pragma once

#include <optional>

#include "migration/migration.h"

namespace martlet {

/// What is said of such a statement; nullopt for any other, savepoints included.
std::optional<Finding> transaction_control_finding(const Statement& statement, Dialect dialect);

}  // namespace martlet
