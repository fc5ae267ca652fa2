// The SQLite half of split().
#pragma once

#include <vector>

#include "sql/statement.h"

namespace martlet {

/// Splits as the sqlite3 shell would: at each `;` outside literals and comments that sqlite3_complete() accepts as an
/// end, so that the body of a trigger stays whole. A dot-command between statements is an error that names it.
std::vector<Statement> split_sqlite(const SourceText& source);

}  // namespace martlet
