// An SQLite result code → Error.
#pragma once

#include <sqlite3.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace martlet::sqlite {

/// The name of an extended result code, e.g. "SQLITE_CONSTRAINT_UNIQUE"; "SQLITE_ERROR(n)" for one not known.
std::string code_name(int extended_code);

/// The last error of `database`. Kind: lock for SQLITE_BUSY and SQLITE_LOCKED, else migration_failed.
Error last_error(sqlite3* database, std::string_view statement);

}  // namespace martlet::sqlite
