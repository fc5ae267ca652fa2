#include "watch/lock_tree.h"

#include <algorithm>
#include <set>

#include "base/secret.h"
#include "base/text.h"

namespace martlet {
namespace {

// pg_blocking_pids() also knows who is only ahead in the queue. It says 0 for a prepared transaction.
constexpr std::string_view kSessions = R"(
WITH waiting AS (SELECT pid, pg_blocking_pids(pid) AS blockers FROM pg_stat_activity
                 WHERE wait_event_type = 'Lock' AND datname = current_database())
SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), coalesce(a.state, ''),
       coalesce((extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start)) * 1000)::bigint, 0) AS age,
       regexp_replace(coalesce(a.query, ''), '\s+', ' ', 'g'),
       coalesce(array_to_string(w.blockers, ','), ''),
       coalesce((SELECT coalesce(l.relation::regclass::text, l.locktype) || ' (' || l.mode || ')'
                 FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted LIMIT 1), '')
FROM pg_stat_activity a LEFT JOIN waiting w USING (pid)
WHERE w.pid IS NOT NULL OR a.pid IN (SELECT unnest(blockers) FROM waiting)
UNION ALL
SELECT 0, p.owner, '', 'prepared', (extract(epoch FROM clock_timestamp() - p.prepared) * 1000)::bigint,
       'PREPARE TRANSACTION ' || quote_literal(p.gid), '', ''
FROM pg_prepared_xacts p
WHERE p.database = current_database() AND EXISTS (SELECT FROM waiting WHERE 0 = ANY (blockers))
ORDER BY age DESC, 1)";

LockSession session_of(const Row& row) {
  LockSession session{.pid = std::stol(*row[0]),
                      .user = *row[1],
                      .application = *row[2],
                      .state = *row[3],
                      .query = mask_passwords(*row[5]),
                      .wants = *row[7],
                      .age = Milliseconds(std::stoll(*row[4]))};
  for (const std::string& pid : split_list(*row[6])) session.blockers.push_back(std::stol(pid));
  return session;
}

void collect_behind(const std::vector<LockSession>& sessions, long pid, std::set<long>& found) {
  for (const LockSession& other : sessions) {
    const bool waits = std::find(other.blockers.begin(), other.blockers.end(), pid) != other.blockers.end();
    if (waits && found.insert(other.pid).second) collect_behind(sessions, other.pid, found);
  }
}

}  // namespace

std::vector<LockSession> read_lock_tree(Connection& connection) {
  std::vector<LockSession> sessions;
  for (const Row& row : connection.execute(kSessions).rows) sessions.push_back(session_of(row));
  for (LockSession& session : sessions) {
    std::set<long> behind;
    collect_behind(sessions, session.pid, behind);
    session.behind = behind.size();
  }
  std::stable_sort(sessions.begin(), sessions.end(), [](const LockSession& a, const LockSession& b) {
    if (a.blockers.empty() != b.blockers.empty()) return a.blockers.empty();
    return a.behind > b.behind;
  });
  return sessions;
}

}  // namespace martlet
