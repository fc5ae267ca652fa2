#include "history/lease_row.h"

#include "history/values.h"

namespace martlet {
namespace {

LeaseMode mode_from(const std::string& name) {
  if (name == "session") return LeaseMode::session;
  return name == "row" ? LeaseMode::row : LeaseMode::none;
}

std::string mode_name(LeaseMode mode) {
  return mode == LeaseMode::session ? "session" : "row";
}

std::string age_in_ms(const HistoryNames& names) {
  return names.dialect == Dialect::postgres ? "floor(extract(epoch FROM clock_timestamp() - heartbeat) * 1000)::bigint"
                                            : "CAST((julianday('now') - julianday(heartbeat)) * 86400000 AS INTEGER)";
}

// The advisory lock of one bigint key, as pg_locks shows it.
constexpr std::string_view kIsOurKey =
    "l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND ((l.classid::bigint << 32) | l.objid::bigint) = "
    "$1::bigint AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())";

}  // namespace

LeaseRow read_lease_row(Connection& connection, const HistoryNames& names, Try attempt) {
  std::string sql = "SELECT epoch, mode, run_id, actor, host, application, pid, process_mark, backend_pid, " +
                    names.iso("since") + ", " + names.iso("heartbeat") + ", " + age_in_ms(names);
  std::vector<Value> parameters;
  if (attempt == Try::session_lock) {
    sql += ", pg_catalog.pg_try_advisory_lock($1::bigint)";
    parameters.push_back(std::to_string(names.lock_key));
  }
  const Result found = connection.execute(sql + " FROM " + names.lease, std::move(parameters));
  if (found.rows.empty()) {
    throw Error(ErrorKind::validation, "martlet's lease table is empty; it must hold one row")
        .next("run `INSERT INTO " + names.lease + " DEFAULT VALUES` once, with no martlet at work");
  }
  const Row& row = found.rows[0];
  LeaseRow lease;
  lease.epoch = number_of(row[0]);
  lease.mode = mode_from(text_of(row[1]));
  lease.run_id = text_of(row[2]);
  lease.holder.actor = text_of(row[3]);
  lease.holder.host = text_of(row[4]);
  lease.holder.application = text_of(row[5]);
  lease.holder.pid = static_cast<long>(number_of(row[6]));
  lease.process_mark = text_of(row[7]);
  lease.backend_pid = static_cast<long>(number_of(row[8]));
  lease.holder.since = text_of(row[9]);
  lease.holder.heartbeat = text_of(row[10]);
  lease.heartbeat_age = std::chrono::milliseconds(number_of(row[11]));
  lease.got_session_lock = attempt == Try::session_lock && truth_of(row[12]);
  return lease;
}

// Compare and swap. The heartbeat is part of what is compared: a holder thought dead may just have written one.
std::optional<long long> take_lease_row(Connection& connection, const HistoryNames& names, const LeaseRow& seen,
                                        const Identity& who, LeaseMode mode) {
  const std::string set =
      " SET epoch = l.epoch + 1, mode = $4, run_id = $5, actor = $6, host = $7, application = $8, "
      "pid = $9, process_mark = $10, backend_pid = $11, since = " +
      names.now + ", heartbeat = " + names.now;
  const bool postgres = names.dialect == Dialect::postgres;
  const std::string same = " WHERE epoch = $1 AND run_id = $2 AND coalesce(" + names.iso("heartbeat") + ", '') = $3";
  // SKIP LOCKED: a blocked UPDATE would hold a snapshot, which CREATE INDEX CONCURRENTLY of the holder waits for.
  const std::string sql = postgres ? "WITH seen AS (SELECT epoch FROM " + names.lease + same +
                                         " FOR UPDATE SKIP LOCKED) UPDATE " + names.lease + " l" + set +
                                         " FROM seen WHERE l.epoch = seen.epoch RETURNING l.epoch"
                                   : "UPDATE " + names.lease + " AS l" + set + same + " RETURNING epoch";
  const Result taken =
      connection.execute(sql, {std::to_string(seen.epoch), seen.run_id, seen.holder.heartbeat, mode_name(mode),
                               who.run_id, who.actor, who.host, who.application, std::to_string(who.pid),
                               process_mark(who.pid), std::to_string(connection.backend_pid())});
  if (taken.rows.empty()) return std::nullopt;
  return number_of(taken.rows[0][0]);
}

void free_lease_row(Connection& connection, const HistoryNames& names, const Identity& who, long long epoch) {
  connection.execute("UPDATE " + names.lease + " SET run_id = '', mode = '' WHERE run_id = $1 AND epoch = $2",
                     {who.run_id, std::to_string(epoch)});
}

std::optional<LockingSession> find_locking_session(Connection& connection, const HistoryNames& names) {
  const Result found = connection.execute(
      "SELECT l.pid, a.usename, a.application_name, left(a.query, 200) FROM pg_catalog.pg_locks l "
      "LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE " +
          std::string(kIsOurKey),
      {std::to_string(names.lock_key)});
  if (found.rows.empty()) return std::nullopt;
  const Row& row = found.rows[0];
  return LockingSession{static_cast<long>(number_of(row[0])), text_of(row[1]), text_of(row[2]), text_of(row[3])};
}

}  // namespace martlet
