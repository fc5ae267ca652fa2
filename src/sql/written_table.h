// Which table's rows a statement changes.
#pragma once

#include "sql/nodes.h"

namespace martlet {

/// The table that INSERT, UPDATE, DELETE or MERGE writes to; nullptr for any other statement.
const PgQuery__RangeVar* written_table(const Node& statement);

}  // namespace martlet
