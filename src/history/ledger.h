// The ledger: one row a migration, its state, and what was applied.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "db/connection.h"
#include "history/names.h"

namespace martlet {

/// `reverted`: a down ran; `retired`: the file is gone on purpose; `running`: a journalled run is not finished.
enum class LedgerState { applied, failed, reverted, running, stamped, baseline, retired };
/// The word that is stored and shown, e.g. "applied".
std::string_view state_name(LedgerState state);
/// The state of a stored word. Throws Error{validation} for a word that this version does not know.
LedgerState state_from(std::string_view name);

struct LedgerRow {
  std::string id;  // Migration::id
  std::string version, name, kind, layout, checksum;
  LedgerState state = LedgerState::applied;
  long long installed_order = 0;  // 1, 2, … in the order of applying
  std::string applied_at;         // ISO 8601, UTC
  std::string applied_by;         // database role
  std::string actor, host, ci, ticket;
  long long duration_ms = 0;  // record_applied: negative = let the server measure from the transaction's start
  std::string run_id;         // of the run that applied it, or that changed its state last
  std::string tool_version;
  std::string backup_id;  // the backup taken before it, "" = none

  /// True where the migration's effects are in the database: applied, stamped, baseline, retired.
  bool counts_as_applied() const;
};

/// Who is running, recorded in ledger, audit and lease.
struct Identity {
  std::string actor;  // --actor, else CI's user, else the OS user
  std::string host;
  std::string ci;  // "github-actions run 123 …", "" outside CI
  std::string ticket;
  long pid = 0;
  std::string application;  // "martlet/<run_id>"
  std::string run_id;
  /// From the operating system and the variables that CI services set; `actor` and `ticket` win where they are given.
  /// Each call makes a new run_id.
  static Identity detect(const std::string& actor, const std::string& ticket);
};

/// What a migration's transaction writes about itself.
struct AppliedMigration {
  LedgerRow row;
  std::string up_sql, down_sql;  // as written, before placeholders; cut at 1 MB, passwords masked
};

class Ledger {
 public:
  /// `standing`: what standings are worked out from, and when, by whom, by which run and for how long. `everything`:
  /// applied_by, host, ci, ticket, tool_version and backup_id as well.
  enum class Detail { standing, everything };
  /// Reads all rows without their SQL texts, in one round trip, outside a transaction. A database without martlet's
  /// tables gives an empty ledger. Throws Error{validation} where the tables are from a newer martlet.
  static Ledger read(Connection& connection, const HistoryNames& names, Detail detail = Detail::everything);

  /// A ledger that exists and has these rows: for reasoning about files without a database.
  static Ledger of(std::vector<LedgerRow> rows);

  bool exists() const { return exists_; }
  const std::vector<LedgerRow>& rows() const { return rows_; }  // by installed_order
  const LedgerRow* find(std::string_view id) const;
  /// The installed_order of the next migration: one more than the largest.
  long long next_order() const;
  /// Journal entries of runs that did not finish, counted by the same round trip; 0 on a clean database.
  long long unfinished() const { return unfinished_; }

  /// The texts stored at apply time.
  struct Texts {
    std::string up_sql;
    std::optional<std::string> down_sql;
    std::string down_incomplete;  // why the stored down must not be run ("passwords are masked in it"); "" = it may be
  };
  /// Throws Error{validation} where there is no such row.
  static Texts texts(Connection& connection, const HistoryNames& names, const std::string& id);

 private:
  void index();

  bool exists_ = false;
  std::vector<LedgerRow> rows_;
  std::unordered_map<std::string, std::size_t> by_id_;
  long long unfinished_ = 0;
};

/// Creates or upgrades martlet's tables under a lock (PostgreSQL: pg_advisory_xact_lock; SQLite: BEGIN IMMEDIATE).
/// Safe to race; one cheap read where there is nothing to do. Throws Error{connection} naming the missing privilege,
/// Error{validation} where the tables are from a newer martlet or where another tool's table is in the way.
void bootstrap_history(Connection& connection, const HistoryNames& names, const HistoryOptions& options);

/// The statement that records a migration; one that was reverted and is applied again gets its row updated. The `epoch`
/// column is NOT NULL and filled from the lease row if run_id still holds it: a runner that lost its lease fails here,
/// in the same transaction (see lease.h). applied_at and applied_by come from the server.
Request record_applied(const HistoryNames& names, const AppliedMigration& migration);
/// Changes a row's state, e.g. to `reverted` after a down; fenced as above.
Request record_state(const HistoryNames& names, const std::string& id, LedgerState state, const Identity& who);
/// `repair`: takes the file as it is now for what was applied; down_sql nullopt = there is none; fenced as above.
Request record_checksum(const HistoryNames& names, const std::string& id, const std::string& checksum,
                        const std::string& up_sql, const std::optional<std::string>& down_sql, const Identity& who);

}  // namespace martlet
