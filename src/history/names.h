// How martlet's own tables are called, always schema-qualified: a migration may change the search_path.
#pragma once

#include <string>
#include <vector>

#include "schema/dump.h"
#include "sql/dialect.h"

namespace martlet {

/// [history]: where the tables are. PostgreSQL: schema "martlet"; SQLite: prefix "martlet_".
struct HistoryOptions {
  std::string schema = "martlet";
  std::string table = "schema_migrations";
  std::string view;  // published view of the ledger, e.g. "public.schema_migrations"; "" = none
};

/// Quoted and qualified, ready to stand in SQL. The tables beside the ledger are called "journal", "lease", "audit",
/// "format" and so on in a schema of martlet's own; in `public`, or beside a ledger with a name of its own, the
/// ledger's name comes first ("migrations_journal"), so that two ledgers in one schema stay apart.
struct HistoryNames {
  Dialect dialect = Dialect::postgres;
  std::string schema;                 // quoted schema; "" for SQLite
  std::string raw_schema, raw_table;  // as configured; SQLite: the prefix's word and the ledger's whole name
  std::string raw_control;            // unquoted, without schema
  std::string raw_format;             // the unquoted name of the table whose presence says that there are tables
  std::string ledger, journal, lease, audit, format;  // since format 1
  std::string control, plan;                          // since format 2
  std::string now;                                    // the server's clock as an expression
  long long lock_key = 0;  // advisory lock: first 8 bytes of SHA-256 of "martlet:" + schema + "." + table

  /// Throws Error{usage} for an empty name or one that the database would cut short.
  static HistoryNames make(const HistoryOptions& options, Dialect dialect);

  /// The tables' names, unquoted and without schema.
  const std::vector<std::string>& raw_tables() const { return raw_tables_; }
  /// A timestamp column as text, ISO 8601 in UTC to the millisecond: 2026-03-01T09:30:00.125Z.
  std::string iso(const std::string& expression) const;

  /// Everything of martlet's own, the published view included: what a dump of the user's schema leaves out.
  operator DumpExclusions() const;

 private:
  std::vector<std::string> raw_tables_;
  std::string raw_view_;
};

}  // namespace martlet
