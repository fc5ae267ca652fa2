#include "watch/stall.h"

#include <fmt/format.h>

namespace martlet {
namespace {

// What SELECT, SELECT FOR UPDATE and INSERT/UPDATE/DELETE take, against what keeps each of them waiting (PostgreSQL
// docs, table 13.2). Text of other roles' sessions may be hidden; that they wait is not.
constexpr std::string_view kWaiters = R"(
  SELECT h.relation::regclass::text, h.mode, a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''),
         count(*) OVER ()
  FROM pg_catalog.pg_locks h
  JOIN pg_catalog.pg_locks w ON w.locktype = 'relation' AND w.relation = h.relation AND w.database = h.database
                            AND NOT w.granted AND w.pid <> h.pid
  JOIN pg_catalog.pg_stat_activity a ON a.pid = w.pid
  WHERE h.pid = $1::int AND h.granted AND h.locktype = 'relation'
    AND (w.mode IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock') AND h.mode = 'AccessExclusiveLock'
         OR w.mode IN ('RowShareLock', 'RowExclusiveLock') AND h.mode = 'ExclusiveLock'
         OR w.mode = 'RowExclusiveLock' AND h.mode IN ('ShareLock', 'ShareRowExclusiveLock'))
  ORDER BY a.query_start, a.pid LIMIT 1)";

}  // namespace

std::string Stall::text() const {
  std::string who = fmt::format("pid {}", first.pid);
  if (!first.user.empty()) who += ", user " + first.user;
  if (!first.application.empty()) who += ", application " + first.application;
  return fmt::format("{} on {} kept {} waiting, first {}", mode, relation,
                     sessions == 1 ? "1 session" : fmt::format("{} sessions", sessions), who);
}

std::optional<Stall> stall_by(Connection& connection, int session) {
  const Result found = connection.execute(kWaiters, {std::to_string(session)});
  if (found.rows.empty()) return std::nullopt;
  const Row& row = found.rows[0];
  return Stall{.relation = *row[0],
               .mode = *row[1],
               .sessions = static_cast<std::size_t>(std::stoul(*row[5])),
               .first = {.pid = std::stoi(*row[2]), .user = *row[3], .application = *row[4]}};
}

}  // namespace martlet
