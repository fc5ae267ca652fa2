// PostgreSQL's own programs, called so that what they write does not depend on who calls them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "backup/manifest.h"
#include "base/error.h"
#include "db/connection.h"
#include "db/url.h"

namespace martlet {

/// Server, time, position in the log, and the settings that a database is made with, of the connection's database.
/// Returns about how many bytes its rows are.
std::uint64_t read_database_facts(Connection& connection, BackupHeader& header);

/// The connection's parameters, the password among them, and the settings that decide how values are written as text:
/// the same for the dump, the restore and the comparison, whatever the role or the database has as default.
std::map<std::string, std::string> tool_environment(const Url& url, const BackupHeader& header);

/// The same settings for a session of ours, as statements.
std::vector<std::string> session_settings(const BackupHeader& header);

/// The pg_restore beside this pg_dump.
std::string pg_restore_beside(const std::string& pg_dump);

/// What a tool said, as an error: `what` is "pg_dump could not read the database".
Error tool_failed(std::string_view what, int exit_code, std::string_view said);

/// "dbname='…'" for a command line, where a bare name could be taken for a connection string.
std::string database_argument(const Url& url);

}  // namespace martlet
