#include "sql/split_postgres.h"
#include "sql/split_sqlite.h"

namespace martlet {

std::vector<Statement> split(const SourceText& source, Dialect dialect) {
  return dialect == Dialect::postgres ? split_postgres(source) : split_sqlite(source);
}

}  // namespace martlet
