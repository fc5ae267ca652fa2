// How martlet's own tables are called, always schema-qualified: a migration may change the search_path.
#pragma once

#include <string>

#include "sql/dialect.h"

namespace martlet {

/// [history]: where the tables are. PostgreSQL: schema "martlet"; SQLite: prefix "martlet_".
struct HistoryOptions {
  std::string schema = "martlet";
  std::string table = "schema_migrations";
  std::string view;  // published view of the ledger, e.g. "public.schema_migrations"; "" = none
};

/// Quoted and qualified, ready to stand in SQL.
struct HistoryNames {
  Dialect dialect = Dialect::postgres;
  std::string schema;  // quoted schema; "" for SQLite
  std::string raw_schema, raw_table;
  std::string ledger, journal, lease, audit, format;
  std::string now;         // the server's clock as an expression
  long long lock_key = 0;  // advisory lock: first 8 bytes of SHA-256 of "martlet:" + schema + "." + table

  static HistoryNames make(const HistoryOptions& options, Dialect dialect);
};

}  // namespace martlet
