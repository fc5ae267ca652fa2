#include "schema/dump.h"

#include "schema/dump_postgres.h"
#include "schema/dump_sqlite.h"

namespace martlet {

std::string dump_schema(Connection& connection, const Url& url, const DumpExclusions& exclude) {
  return connection.dialect() == Dialect::sqlite ? dump_sqlite(connection, exclude)
                                                 : dump_postgres(connection, url, exclude);
}

}  // namespace martlet
