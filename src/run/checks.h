// `-- martlet:check "SELECT …" expect "…"`.
#pragma once

#include <optional>

#include "base/error.h"
#include "db/connection.h"
#include "migration/migration.h"

namespace martlet {

/// Asks the check's query; nullopt where the first column of its first row is what is expected ("NULL" for NULL).
std::optional<Error> failed_check(Connection& connection, const Check& check);

}  // namespace martlet
