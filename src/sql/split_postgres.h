// The PostgreSQL half of split().
#pragma once

#include <vector>

#include "sql/statement.h"

namespace martlet {

/// Splits as psql would, see split().
std::vector<Statement> split_postgres(const SourceText& source);

/// The same by the server's own scanner, whatever the text: what split_plain() is measured against.
std::vector<Statement> split_scanned(const SourceText& source);

}  // namespace martlet
