// The PostgreSQL half of split().
#pragma once

#include <vector>

#include "sql/statement.h"

namespace martlet {

/// Splits as psql would, see split().
std::vector<Statement> split_postgres(const SourceText& source);

}  // namespace martlet
