// Martlet's tables are made, and led from an older format to this one, by whichever run comes first.
#include <algorithm>
#include <chrono>
#include <optional>
#include <random>

#include "base/cancel.h"
#include "history/format.h"
#include "history/ledger.h"
#include "history/values.h"
#include "history/view.h"
#include "sql/statement.h"

namespace martlet {
namespace {

// How long a first run waits for another one that is making the tables: far longer than that takes.
constexpr std::chrono::seconds kPatience{60};

struct Found {
  int number = 0;  // 0 = there are no tables yet
  std::string written_by;
};

bool relation_exists(Connection& connection, const HistoryNames& names, const std::string& raw_table) {
  const Result found = names.dialect == Dialect::sqlite
                           ? connection.execute("SELECT count(*) > 0 FROM sqlite_schema WHERE name = $1", {raw_table})
                           : connection.execute(
                                 "SELECT count(*) > 0 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
                                 "ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2",
                                 {names.raw_schema, raw_table});
  return truth_of(found.rows.at(0).at(0));
}

Found find_format(Connection& connection, const HistoryNames& names) {
  if (!relation_exists(connection, names, names.raw_format)) return {};
  const Result result =
      connection.execute("SELECT number, tool_version FROM " + names.format + " ORDER BY number DESC LIMIT 1");
  if (result.rows.empty()) return {};
  return {static_cast<int>(number_of(result.rows[0][0])), text_of(result.rows[0][1])};
}

void refuse_foreign_tables(Connection& connection, const HistoryNames& names) {
  for (const std::string& table : names.raw_tables()) {
    if (!relation_exists(connection, names, table)) continue;
    const std::string shown = names.schema.empty() ? table : names.raw_schema + "." + table;
    throw Error(ErrorKind::validation, "the table " + shown + " exists, and it is not martlet's")
        .leaves("nothing was changed")
        .next("set [history] schema or table in martlet.toml to a name that is free");
  }
}

// `IF NOT EXISTS` alone would demand CREATE on the database even where the schema is there.
void ensure_schema(Connection& connection, const HistoryNames& names) {
  if (names.dialect == Dialect::sqlite) return;
  const Result found =
      connection.execute("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", {names.raw_schema});
  if (found.rows.empty()) connection.execute("CREATE SCHEMA " + names.schema);
}

void upgrade(Connection& connection, const HistoryNames& names, const HistoryOptions& options) {
  const Found found = find_format(connection, names);
  refuse_newer_format(found.number, found.written_by);
  if (found.number == 0) {
    refuse_foreign_tables(connection, names);
    ensure_schema(connection, names);
  }
  for (int to = found.number + 1; to <= kHistoryFormat; ++to) {
    const auto statements = names.dialect == Dialect::sqlite ? sqlite_upgrade(names, to) : postgres_upgrade(names, to);
    for (const std::string& statement : statements) connection.execute(statement);
    connection.execute("INSERT INTO " + names.format + " (number, tool_version) VALUES ($1, $2)",
                       {std::to_string(to), MARTLET_VERSION});
  }
  if (!options.view.empty()) publish_view(connection, names, options.view);
}

// The key differs from the lease's: waiting for that one with a snapshot open would deadlock CREATE INDEX CONCURRENTLY.
void lock_postgres(Connection& connection, const HistoryNames& names) {
  // A role may have another default: what this transaction reads after the wait must be what the other one committed.
  connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
  connection.execute("SET LOCAL lock_timeout = '" + std::to_string(kPatience.count()) + "s'");
  connection.execute("SELECT pg_catalog.pg_advisory_xact_lock($1::bigint)", {std::to_string(names.lock_key ^ 1)});
}

// "role", "database", and whether the schema exists, in words that a person can act on.
Error explain_missing_privilege(Connection& connection, const HistoryNames& names, const Error& cause) {
  const Result facts = connection.execute(
      "SELECT session_user, current_database(), EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1)",
      {names.raw_schema});
  const std::string role = text_of(facts.rows[0][0]);
  const std::string database = text_of(facts.rows[0][1]);
  const bool schema_exists = truth_of(facts.rows[0][2]);
  const std::string missing =
      schema_exists ? "make tables in the schema " + names.schema : "create the schema " + names.schema;
  const std::string grant =
      schema_exists ? "GRANT USAGE, CREATE ON SCHEMA " + names.schema + " TO " + quote_identifier(role)
                    : "GRANT CREATE ON DATABASE " + quote_identifier(database) + " TO " + quote_identifier(role);
  return Error(ErrorKind::connection, "role " + quote_identifier(role) + " may not " + missing + " in database " +
                                          quote_identifier(database) + ", where martlet keeps its history")
      .with_sqlstate(cause.sqlstate)
      .with_detail(cause.message)
      .leaves("nothing was changed")
      .next("as the owner of the database: " + grant + "; or set [history] schema to one that the role owns");
}

void bootstrap_once(Connection& connection, const HistoryNames& names, const HistoryOptions& options) {
  Transaction transaction(connection, Transaction::Mode::immediate);
  if (names.dialect == Dialect::postgres) lock_postgres(connection, names);
  upgrade(connection, names, options);
  transaction.commit();
}

// SQLite gives up on a busy file after the driver's short time: try again until the other process is done.
void bootstrap_patiently(Connection& connection, const HistoryNames& names, const HistoryOptions& options) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  std::minstd_rand random(std::random_device{}());
  for (;;) {
    try {
      return bootstrap_once(connection, names, options);
    } catch (const LockTimeout&) {
      if (std::chrono::steady_clock::now() > until) throw;
    }
    cancel::sleep_ms(std::uniform_int_distribution<long>(5, 50)(random));
  }
}

bool up_to_date(Connection& connection, const HistoryNames& names, const HistoryOptions& options) {
  const Found found = find_format(connection, names);
  refuse_newer_format(found.number, found.written_by);
  return found.number == kHistoryFormat && view_exists(connection, options.view);
}

}  // namespace

void bootstrap_history(Connection& connection, const HistoryNames& names, const HistoryOptions& options) {
  try {
    if (!up_to_date(connection, names, options)) bootstrap_patiently(connection, names, options);
  } catch (const Error& error) {
    if (error.sqlstate != "42501") throw;
    throw explain_missing_privilege(connection, names, error);
  }
}

}  // namespace martlet
