#include "history/record.h"

#include "history/ledger.h"
#include "history/stored_text.h"

namespace martlet {
namespace {

Value number(long long value) {
  return std::to_string(value);
}

Value stored(const std::string& sql) {
  return sql.empty() ? Value{} : Value{stored_text(sql)};
}

// Negative: the migration is one pipeline, so nobody knows yet; the server measures from the transaction's start.
std::string duration_of(const HistoryNames& names) {
  if (names.dialect == Dialect::sqlite) return "max(CAST($13 AS INTEGER), 0)";
  return "CASE WHEN $13::bigint < 0 THEN floor(extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)"
         "::bigint ELSE $13::bigint END";
}

// SQLite has shorter words for it, which it reads and plans in half the time; each column is given a new value.
constexpr const char* kReplaceRow =
    " ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name, "
    "kind = excluded.kind, layout = excluded.layout, checksum = excluded.checksum, state = excluded.state, "
    "installed_order = excluded.installed_order, actor = excluded.actor, host = excluded.host, "
    "ci = excluded.ci, ticket = excluded.ticket, duration_ms = excluded.duration_ms, "
    "run_id = excluded.run_id, tool_version = excluded.tool_version, backup_id = excluded.backup_id, "
    "up_sql = excluded.up_sql, down_sql = excluded.down_sql, epoch = excluded.epoch, "
    "applied_by = excluded.applied_by, applied_at = excluded.applied_at, "
    "state_changed_at = excluded.state_changed_at";

std::string role_of(const HistoryNames& names) {
  return names.dialect == Dialect::postgres ? "session_user" : "''";
}

}  // namespace

std::string held_epoch(const HistoryNames& names, const std::string& parameter) {
  return "(SELECT held.epoch FROM " + names.lease + " held WHERE held.run_id = " + parameter +
         " AND held.run_id <> ''" + (names.dialect == Dialect::postgres ? " FOR SHARE)" : ")");
}

bool is_lease_lost(const Error& error) {
  const bool not_null = error.sqlstate == "23502" || error.sqlstate == "SQLITE_CONSTRAINT_NOTNULL";
  if (not_null) return error.message.find("epoch") != std::string::npos;
  return error.sqlstate == "22P02" && error.message.find("martlet: the lease is lost") != std::string::npos;
}

Error explain_lease_lost(const Error& cause) {
  return Error(ErrorKind::lock, "another martlet run took the lease over while this one was working")
      .with_sqlstate(cause.sqlstate)
      .leaves("this transaction was rolled back")
      .next("see who runs with `martlet locks`, then `martlet status`");
}

Request record_applied(const HistoryNames& names, const AppliedMigration& migration) {
  const LedgerRow& row = migration.row;
  const bool postgres = names.dialect == Dialect::postgres;
  return {(postgres ? "INSERT INTO " : "INSERT OR REPLACE INTO ") + names.ledger +
              " (id, version, name, kind, layout, checksum, state, installed_order, actor, host, ci, ticket, "
              "duration_ms, run_id, tool_version, backup_id, up_sql, down_sql, epoch, applied_by, applied_at, "
              "state_changed_at) VALUES "
              "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, " +
              duration_of(names) + ", $14, $15, $16, $17, $18, " + held_epoch(names, "$14") + ", " + role_of(names) +
              ", " + names.now + ", " + names.now + ")" + (postgres ? kReplaceRow : ""),
          {row.id, row.version, row.name, row.kind, row.layout, row.checksum, std::string(state_name(row.state)),
           number(row.installed_order), row.actor, row.host, row.ci, row.ticket, number(row.duration_ms), row.run_id,
           row.tool_version, row.backup_id, stored_text(migration.up_sql), stored(migration.down_sql)}};
}

Request record_state(const HistoryNames& names, const std::string& id, LedgerState state, const Identity& who) {
  return {"UPDATE " + names.ledger + " SET state = $2, run_id = $3, state_changed_at = " + names.now +
              ", epoch = " + held_epoch(names, "$3") + " WHERE id = $1",
          {id, std::string(state_name(state)), who.run_id}};
}

Request record_checksum(const HistoryNames& names, const std::string& id, const std::string& checksum,
                        const std::string& up_sql, const std::optional<std::string>& down_sql, const Identity& who) {
  return {"UPDATE " + names.ledger + " SET checksum = $2, up_sql = $3, down_sql = $4, state_changed_at = " + names.now +
              ", epoch = " + held_epoch(names, "$5") + " WHERE id = $1",
          {id, checksum, stored_text(up_sql), down_sql ? stored(*down_sql) : Value{}, who.run_id}};
}

}  // namespace martlet
