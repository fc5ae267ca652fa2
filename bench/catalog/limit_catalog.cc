// limit_catalog CONNECTION_STRING: the least that any reader of catalogs has to ask for, and nothing done with it:
// names and plain columns of relations, columns, defaults, constraints, indexes, types and functions, each by one COPY
// in one transaction.
#include <libpq-fe.h>

#include <cstdio>
#include <cstdlib>

namespace {

constexpr const char* kQueries[] = {
    "SELECT oid, relnamespace, relname, relkind, relowner, relpages, reltuples, reltype FROM pg_class "
    "WHERE relkind <> 't'",
    "SELECT attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attidentity, attgenerated FROM pg_attribute "
    "WHERE attnum > 0 AND NOT attisdropped",
    "SELECT adrelid, adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef",
    "SELECT oid, conrelid, conname, contype, conkey, confrelid, confkey, convalidated, pg_get_expr(conbin, conrelid) "
    "FROM pg_constraint",
    "SELECT indexrelid, indrelid, indisunique, indisvalid, indkey, indclass, indoption FROM pg_index",
    "SELECT oid, typnamespace, typname, typtype, typrelid, typarray FROM pg_type WHERE oid >= 12000",
    "SELECT oid, pronamespace, proname, proargtypes, prorettype, provolatile FROM pg_proc WHERE oid >= 12000",
    "SELECT oid, pg_get_viewdef(oid) FROM pg_class WHERE relkind IN ('v', 'm') AND oid >= 16384",
    "SELECT classid, objid, refobjid, refobjsubid FROM pg_depend WHERE classid = 'pg_rewrite'::regclass",
};

void check(PGconn* connection, bool good) {
  if (good) return;
  std::fprintf(stderr, "%s", PQerrorMessage(connection));
  std::exit(1);
}

void run(PGconn* connection, const char* sql) {
  PGresult* result = PQexec(connection, sql);
  check(connection, PQresultStatus(result) == PGRES_COMMAND_OK);
  PQclear(result);
}

std::size_t copy(PGconn* connection, const char* query) {
  char sql[1000];
  std::snprintf(sql, sizeof sql, "COPY (%s) TO STDOUT", query);
  PGresult* result = PQexec(connection, sql);
  check(connection, PQresultStatus(result) == PGRES_COPY_OUT);
  PQclear(result);
  std::size_t bytes = 0;
  char* row = nullptr;
  int size = 0;
  while ((size = PQgetCopyData(connection, &row, 0)) > 0) {
    bytes += static_cast<std::size_t>(size);
    PQfreemem(row);
  }
  check(connection, size == -1);
  result = PQgetResult(connection);
  check(connection, PQresultStatus(result) == PGRES_COMMAND_OK);
  PQclear(result);
  check(connection, PQgetResult(connection) == nullptr);
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: limit_catalog CONNECTION_STRING\n");
    return 2;
  }
  PGconn* connection = PQconnectdb(argv[1]);
  check(connection, PQstatus(connection) == CONNECTION_OK);
  run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  std::size_t bytes = 0;
  for (const char* query : kQueries) bytes += copy(connection, query);
  run(connection, "COMMIT");
  std::printf("%zu bytes\n", bytes);
  PQfinish(connection);
}
