// The rows of a table that is built anew.
#pragma once

#include <string>

#include "db/connection.h"
#include "rebuild/changed_table.h"

namespace martlet {

/// Copies every row of `old` into `built`, an empty table with the changed text, and carries AUTOINCREMENT's counter
/// over. Throws Error{migration_failed} where a row does not fit, is left out (a constraint with ON CONFLICT IGNORE),
/// or a value is no number where the new type is one.
void copy_rows(Connection& database, const std::string& old, const std::string& built, const ChangedTable& changed);

}  // namespace martlet
