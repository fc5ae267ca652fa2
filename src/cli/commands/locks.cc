#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "base/cancel.h"
#include "base/registry.h"
#include "base/secret.h"
#include "cli/output.h"
#include "cli/target.h"
#include "watch/lock_tree.h"

namespace martlet {
namespace {

constexpr long kBetweenLooks = 1000;

nlohmann::ordered_json to_json(const LockSession& session) {
  return {{"pid", session.pid},         {"user", session.user},           {"application", session.application},
          {"state", session.state},     {"age_ms", session.age.count()},  {"query", session.query},
          {"waits_for", session.wants}, {"blocked_by", session.blockers}, {"behind", session.behind}};
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

nlohmann::ordered_json to_json(const std::vector<LockSession>& sessions) {
  auto list = nlohmann::ordered_json::array();
  for (const LockSession& session : sessions) list.push_back(to_json(session));
  return list;
}

void show(Output& output, const std::vector<LockSession>& sessions) {
  if (sessions.empty()) return output.line("nobody waits for a lock");
  output.table({"pid", "user", "application", "state", "for", "waits for", "query"}, LockTree(sessions).rows());
}

// A look a second until Ctrl-C, which is how this ends well.
int watch(Context& context, Connection& connection) {
  Output& output = context.output;
  try {
    for (;;) {
      const std::vector<LockSession> sessions = read_lock_tree(connection);
      if (output.options().interactive) output.raw("\033[H\033[2J");
      output.record({{"sessions", to_json(sessions)}});
      show(output, sessions);
      std::fflush(stdout);
      cancel::sleep_ms(kBetweenLooks);
    }
  } catch (const Error& error) {
    if (error.kind != ErrorKind::cancelled) throw;
    return 0;
  }
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
  if (context.arguments.has("watch")) return watch(context, *connection);
  const std::vector<LockSession> sessions = read_lock_tree(*connection);
  context.output.json()["sessions"] = to_json(sessions);
  show(context.output, sessions);
  return 0;
}

const Registered<Command> kLocks{
    {.id = "locks",
     .summary = "who blocks whom, since when, with what",
     .details =
         "A tree of the sessions of this PostgreSQL database: those that block stand above those that wait, and first\n"
         "of all the one that most wait for. --watch looks again every second, until Ctrl-C. A run that is at work is\n"
         "a session as any other, and is not disturbed. --kill ends a session and asks first.",
     .options = {{"--kill", "PID", "end this session (pg_terminate_backend)"},
                 {"-w,--watch", "", "look again every second"}},
     .examples = {"martlet locks", "martlet locks --watch", "martlet locks --kill 4711"},
     .run = run,
     .group = "Looking"}};

}  // namespace
}  // namespace martlet
