#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/registry.h"
#include "base/secret.h"
#include "cli/output.h"
#include "cli/target.h"

namespace martlet {
namespace {

// Sessions that wait for a lock, and those they wait for. pg_blocking_pids() also knows who is only ahead in the queue.
constexpr std::string_view kSessions = R"(
WITH waiting AS (SELECT pid, pg_blocking_pids(pid) AS blockers FROM pg_stat_activity
                 WHERE wait_event_type = 'Lock' AND datname = current_database())
SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), coalesce(a.state, ''),
       coalesce(extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, a.query_start))::bigint * 1000, 0),
       regexp_replace(coalesce(a.query, ''), '\s+', ' ', 'g'),
       coalesce(array_to_string(w.blockers, ','), ''),
       coalesce((SELECT coalesce(l.relation::regclass::text, l.locktype) || ' (' || l.mode || ')'
                 FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted LIMIT 1), '')
FROM pg_stat_activity a LEFT JOIN waiting w USING (pid)
WHERE w.pid IS NOT NULL OR a.pid IN (SELECT unnest(blockers) FROM waiting)
ORDER BY a.xact_start NULLS LAST, a.pid)";

struct LockSession {
  long pid = 0;
  std::string user, application, state, query, wants;
  Milliseconds age{0};
  std::vector<long> blockers;
};

std::vector<LockSession> read_sessions(Connection& connection) {
  std::vector<LockSession> sessions;
  for (const Row& row : connection.execute(kSessions).rows) {
    LockSession session{.pid = std::stol(*row[0]),
                        .user = *row[1],
                        .application = *row[2],
                        .state = *row[3],
                        .query = mask_passwords(*row[5]),
                        .wants = *row[7],
                        .age = Milliseconds(std::stoll(*row[4]))};
    std::string list = *row[6];
    for (std::size_t at = 0; at < list.size(); at = list.find(',', at) + 1) {
      session.blockers.push_back(std::stol(list.substr(at)));
      if (list.find(',', at) == std::string::npos) break;
    }
    sessions.push_back(std::move(session));
  }
  return sessions;
}

nlohmann::ordered_json to_json(const LockSession& session) {
  return {{"pid", session.pid},         {"user", session.user},          {"application", session.application},
          {"state", session.state},     {"age_ms", session.age.count()}, {"query", session.query},
          {"waits_for", session.wants}, {"blocked_by", session.blockers}};
}

// The sessions as a tree: who waits stands below who blocks it. One that waits for several stands below each.
class LockTree {
 public:
  explicit LockTree(const std::vector<LockSession>& sessions) : sessions_(sessions) {}

  std::vector<std::vector<Cell>> rows() {
    for (const LockSession& session : sessions_) {
      if (session.blockers.empty()) add(session, 0);
    }
    for (const LockSession& session : sessions_) {
      if (!shown_.contains(session.pid)) add(session, 0);  // they block each other in a circle
    }
    return std::move(rows_);
  }

 private:
  void add(const LockSession& session, std::size_t depth) {
    const bool again = !shown_.insert(session.pid).second;
    const std::string indent = depth == 0 ? "" : std::string(2 * (depth - 1), ' ') + "└ ";
    rows_.push_back({{indent + std::to_string(session.pid), depth == 0 ? Style::strong : Style::plain},
                     {session.user},
                     {session.application},
                     {session.state},
                     {show_duration(session.age)},
                     {session.wants, Style::warning},
                     {session.query, Style::dim}});
    if (again) return;
    for (const LockSession& other : sessions_) {
      if (std::find(other.blockers.begin(), other.blockers.end(), session.pid) != other.blockers.end())
        add(other, depth + 1);
    }
  }

  const std::vector<LockSession>& sessions_;
  std::vector<std::vector<Cell>> rows_;
  std::set<long> shown_;
};

void kill_session(Context& context, Connection& connection, const std::string& pid) {
  const Result found = connection.execute(
      "SELECT coalesce(usename, ''), coalesce(application_name, ''), coalesce(query, '') FROM pg_stat_activity "
      "WHERE pid::text = $1",
      {pid});
  if (found.rows.empty())
    throw Error(ErrorKind::usage, fmt::format("no session has the pid {}", pid)).next("`martlet locks` shows them");
  const Row& row = found.rows[0];
  ask_or_refuse(context,
                fmt::format("end the session {} of {} ({}): {}?", pid, *row[0], *row[1], mask_passwords(*row[2])));
  const Result ended =
      connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid::text = $1", {pid});
  const bool gone = !ended.rows.empty() && ended.rows[0][0] == "t";
  context.output.json()["killed"] = gone;
  context.output.line(gone ? fmt::format("ended the session {}", pid)
                           : fmt::format("the session {} was gone already", pid));
}

int run(Context& context) {
  if (target_dialect(context.config) != Dialect::postgres)
    throw Error(ErrorKind::usage, "locks are for PostgreSQL: SQLite has one lock for the whole file")
        .next("`fuser FILE` shows which processes have the file open");
  const auto connection = connect_target(context.config, target_identity(context.config));
  if (context.arguments.has("kill")) {
    kill_session(context, *connection, context.arguments.text("kill"));
    return 0;
  }
  const std::vector<LockSession> sessions = read_sessions(*connection);
  auto& json = context.output.json()["sessions"] = nlohmann::ordered_json::array();
  for (const LockSession& session : sessions) json.push_back(to_json(session));
  if (sessions.empty()) {
    context.output.line("nobody waits for a lock");
    return 0;
  }
  context.output.table({"pid", "user", "application", "state", "for", "waits for", "query"}, LockTree(sessions).rows());
  return 0;
}

const Registered<Command> kLocks{
    {.id = "locks",
     .summary = "who blocks whom, since when, with what",
     .details = "A tree of the sessions of this PostgreSQL database: those that block stand above those that wait. "
                "--kill ends a session and asks first.",
     .options = {{"--kill", "PID", "end this session (pg_terminate_backend)"}},
     .examples = {"martlet locks", "martlet locks --kill 4711"},
     .run = run,
     .group = "Looking"}};

}  // namespace
}  // namespace martlet
