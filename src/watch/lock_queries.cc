// What pg_locks and pg_stat_activity say about a lock. Never waits: both views read shared memory.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/secret.h"
#include "base/text.h"
#include "watch/lock_holder.h"

namespace martlet {
namespace {

constexpr std::size_t kShownQuery = 80;

// What of a session `row_of` reads, `a` and `p` being its rows in pg_stat_activity and pg_prepared_xacts. The start of
// another role's transaction is hidden from one that has no pg_read_all_stats.
constexpr std::string_view kSession = R"(
  coalesce(a.pid, 0), coalesce(p.gid, ''), coalesce(a.usename, p.owner, ''), coalesce(a.application_name, ''),
  coalesce(a.state, ''), coalesce(a.query, ''), coalesce(a.backend_type, ''))";

// A wait begins at waitstart; 13 does not have that, but there a statement that waits began about then.
std::string age_of_lock(int version) {
  const char* waiting = version >= 140000 ? "l.waitstart" : "a.query_start";
  return fmt::format(
      "(extract(epoch FROM clock_timestamp() - CASE WHEN l.granted THEN coalesce(a.xact_start, p.prepared) ELSE {} END)"
      " * 1000)::bigint",
      waiting);
}

std::string one_line(std::string_view query) {
  std::string text;
  for (const char c : query) {
    const bool space = c == '\n' || c == '\t' || c == '\r' || c == ' ';
    if (!space) {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  if (text.size() <= kShownQuery) return text;
  std::size_t cut = kShownQuery;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return text.substr(0, cut) + "…";
}

LockHolder holder_of(const Row& row) {
  LockHolder holder{.pid = std::stoi(*row[0]),
                    .prepared = *row[1],
                    .user = *row[2],
                    .application = *row[3],
                    .state = *row[4],
                    .query = one_line(mask_passwords(*row[5])),
                    .backend_type = *row[6],
                    .transaction = row[8].value_or(""),
                    .relation = row[9].value_or(""),
                    .mode = row[10].value_or("")};
  if (row[7]) holder.age = Milliseconds(std::stoll(*row[7]));
  if (row[11] == "f") holder.place = LockHolder::Place::queues;
  return holder;
}

std::string as_json(std::span<const WantedLock> wanted) {
  nlohmann::json list = nlohmann::json::array();
  for (const WantedLock& lock : wanted) {
    list.push_back({{"name", lock.relation}, {"modes", join(conflicting_modes(lock.mode), ",")}});
  }
  return list.dump();
}

}  // namespace

// A prepared transaction has no process; what it locks and its name meet in its transaction id (the form of
// virtualtransaction that the documentation joins by, it has only after a restart).
std::vector<LockHolder> holders_in_the_way(Connection& connection, std::span<const WantedLock> wanted, int session) {
  if (wanted.empty() || connection.dialect() != Dialect::postgres) return {};
  const std::string query = fmt::format(
      R"(WITH wanted AS (SELECT pg_catalog.to_regclass(name)::oid AS relation, string_to_array(modes, ',') AS modes
                         FROM json_to_recordset($1::json) AS w(name text, modes text))
         SELECT {}, {}, l.virtualtransaction, l.relation::regclass::text, l.mode, l.granted
         FROM wanted w JOIN pg_catalog.pg_locks l
           ON l.locktype = 'relation' AND l.relation = w.relation AND l.mode = ANY (w.modes)
           AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
         LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
         LEFT JOIN pg_catalog.pg_locks x ON l.pid IS NULL AND x.pid IS NULL AND x.locktype = 'transactionid'
           AND x.virtualtransaction = l.virtualtransaction
         LEFT JOIN pg_catalog.pg_prepared_xacts p ON p.transaction = x.transactionid
         WHERE l.pid IS DISTINCT FROM $2::int ORDER BY 8 DESC NULLS LAST, l.pid, l.granted DESC)",
      kSession, age_of_lock(connection.version()));
  std::vector<LockHolder> holders;
  for (const Row& row : connection.execute(query, {as_json(wanted), std::to_string(session)}).rows) {
    LockHolder holder = holder_of(row);
    const bool known = std::any_of(holders.begin(), holders.end(), [&](const LockHolder& other) {
      return other.pid == holder.pid && other.prepared == holder.prepared;
    });
    if (!known) holders.push_back(std::move(holder));
  }
  return holders;
}

std::vector<LockHolder> blockers_of(Connection& connection, int session) {
  const std::string query = fmt::format(
      R"(SELECT {}, (extract(epoch FROM clock_timestamp() - coalesce(a.xact_start, p.prepared)) * 1000)::bigint,
                NULL, NULL, NULL, true
         FROM (SELECT DISTINCT unnest(pg_catalog.pg_blocking_pids($1::int)) AS pid) b
         LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
         LEFT JOIN pg_catalog.pg_prepared_xacts p ON b.pid = 0 AND p.database = current_database()
         WHERE a.pid IS NOT NULL OR p.gid IS NOT NULL ORDER BY 8 DESC NULLS LAST)",
      kSession);
  std::vector<LockHolder> blockers;
  for (const Row& row : connection.execute(query, {std::to_string(session)}).rows) blockers.push_back(holder_of(row));
  return blockers;
}

std::optional<WantedLock> lock_queued_for(Connection& connection, int session) {
  const Result found = connection.execute(
      "SELECT format('%I.%I', n.nspname, c.relname), l.mode FROM pg_catalog.pg_locks l "
      "JOIN pg_catalog.pg_class c ON c.oid = l.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE l.pid = $1::int AND NOT l.granted AND l.locktype = 'relation'",
      {std::to_string(session)});
  if (found.rows.empty()) return std::nullopt;
  const auto mode = lock_mode_of(*found.rows[0][1]);
  if (!mode) return std::nullopt;
  return WantedLock{*found.rows[0][0], *mode};
}

}  // namespace martlet
