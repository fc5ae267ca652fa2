// A PostgreSQL database's catalog, read in one snapshot.
#include <limits>

#include "base/error.h"
#include "db/connection.h"
#include "schema/builtin.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

constexpr int kBuiltinMajor = 15;           // of the files in schema/builtin/
constexpr ObjectId kFirstUnpinned = 12000;  // transam.h, FirstUnpinnedObjectId: below, nobody can change anything
constexpr int kAttempts = 3;

// What pg_get_expr and its relatives write depends on these. Without a search path every name is qualified.
constexpr std::string_view kSettings =
    "SELECT set_config(name, value, true) FROM (VALUES ('search_path', ''), ('datestyle', 'ISO'), "
    "('intervalstyle', 'postgres'), ('extra_float_digits', '3'), ('quote_all_identifiers', 'off'), ('jit', 'off'), "
    "('lock_timeout', '500ms')) AS wanted(name, value)";

/// Read-only and with its own settings, which end with it; a savepoint where a transaction is open.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection) : connection_(connection), nested_(connection.in_transaction()) {
    connection.execute(nested_ ? "SAVEPOINT martlet_catalog" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    open_ = true;
    connection.execute(kSettings);
  }
  ~Snapshot() {
    if (!open_) return;
    try {
      end();
    } catch (const Error&) {
      // The connection is gone, and the transaction with it; the first error is the one to tell.
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  void end() {
    open_ = false;
    if (!nested_) return static_cast<void>(connection_.execute("ROLLBACK"));
    connection_.execute("ROLLBACK TO SAVEPOINT martlet_catalog");
    connection_.execute("RELEASE SAVEPOINT martlet_catalog");
  }

 private:
  Connection& connection_;
  bool nested_;
  bool open_ = false;
};

// What never changes comes from the files, where they are of the server's version.
ObjectId take_builtin(Catalog& catalog) {
  if (catalog.server_version / 10000 != kBuiltinMajor) return 0;
  catalog.types.born_with(builtin_types(), kFirstUnpinned);
  catalog.functions.born_with(builtin_functions(), kFirstUnpinned);
  catalog.operators.born_with(builtin_operators(), kFirstUnpinned);
  catalog.operator_classes.born_with(builtin_operator_classes(), kFirstUnpinned);
  for (const Cast& cast : builtin_casts()) catalog.add_cast(cast);
  return kFirstUnpinned;
}

Catalog read_once(Connection& connection, Reading::Expressions expressions) {
  Catalog catalog;
  catalog.complete = true;
  catalog.server_version = connection.version();
  Reading reading{.connection = connection, .catalog = catalog, .version = connection.version()};
  reading.expressions = expressions;
  reading.first_id = take_builtin(catalog);
  Snapshot snapshot(connection);
  for (const auto pass : {read_locks,        read_names,    read_types,       read_functions, read_operators,
                          read_relations,    read_columns,  read_constraints, read_indexes,   read_inheritance,
                          read_sequences,    read_triggers, read_rules,       read_policies,  read_statistics,
                          read_publications, read_uses,     read_extensions,  read_widths,    read_texts}) {
    pass(reading);
  }
  snapshot.end();
  catalog.add_relations(std::move(reading.relations));
  return catalog;
}

// pg_get_expr and its relatives look at the newest catalog, not at the snapshot's: what somebody drops meanwhile is
// "cache lookup failed" or "could not open relation" to them. And somebody may have locked a relation since locks were
// looked at.
bool was_race(const Error& error) {
  return error.sqlstate == "XX000" || error.sqlstate == "42P01" || error.sqlstate == "55P03";
}

Error not_readable(Error error) {
  if (error.sqlstate != "42501") return error;
  error.kind = ErrorKind::connection;
  error.message = "the database's catalog cannot be read: " + error.message;
  return std::move(error).next("let this role read the tables of pg_catalog, as every role may by default");
}

}  // namespace

Catalog read_catalog(Connection& connection) {
  if (connection.dialect() != Dialect::postgres) {
    throw Error(ErrorKind::internal, "the catalog model is PostgreSQL's; this connection is to another database");
  }
  for (int attempt = 1;; ++attempt) {
    const bool is_last = attempt == kAttempts;
    try {
      return read_once(connection, is_last ? Reading::Expressions::none : Reading::Expressions::of_unlocked);
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Error& error) {
      if (is_last || !was_race(error)) throw not_readable(error);
    }
  }
}

}  // namespace martlet
