// A project's own SQL checks around a migration: tests/<stem>.before.sql, .after.sql, .down.sql.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "db/connection.h"
#include "migration/migration.h"
#include "run/settings.h"

namespace martlet {

/// Runs tests/<stem>.<moment>.sql where there is one: every statement must succeed, and every line
/// `-- martlet:check "SELECT …" expect "…"` must hold afterwards. Returns what failed.
std::optional<Error> run_project_check(Connection& connection, const RunSettings& settings,
                                       const std::string& tests_path, const Migration& migration,
                                       std::string_view moment);

}  // namespace martlet
