#include "watch/replication.h"

#include <algorithm>

#include "history/values.h"

namespace martlet {
namespace {

// More than an hour of looks, one a second.
constexpr std::size_t kMostMarks = 4096;

// One row for the server's own position, where `name` is NULL.
constexpr std::string_view kQuestion = R"(
  SELECT NULL::text, pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::bigint
  UNION ALL
  SELECT coalesce(application_name, '') || coalesce(' at ' || client_addr::text, '')
           || CASE WHEN application_name IS NULL THEN ' pid ' || pid ELSE '' END,
         pg_catalog.pg_wal_lsn_diff(replay_lsn, '0/0')::bigint
  FROM pg_catalog.pg_stat_replication WHERE application_name IS DISTINCT FROM 'pg_basebackup')";

}  // namespace

std::vector<Standby> Replication::look(Connection& server) {
  const Result found = server.execute(kQuestion);
  const auto now = Clock::now();
  const long long position = number_of(found.rows.at(0).at(1));
  if (marks_.empty() || marks_.back().position != position) marks_.push_back({now, position});
  if (marks_.size() > kMostMarks) marks_.pop_front();
  connected_.clear();
  std::vector<Standby> standbys;
  for (std::size_t i = 1; i < found.rows.size(); ++i) {
    const Row& row = found.rows[i];
    Standby standby{.name = text_of(row[0])};
    if (row[1]) {
      standby.bytes = std::max(0LL, position - number_of(row[1]));
      standby.milliseconds = behind(number_of(row[1]), now);
    }
    seen_.insert(standby.name);
    connected_.insert(standby.name);
    standbys.push_back(std::move(standby));
  }
  return standbys;
}

double Replication::behind(long long replayed, Clock::time_point now) const {
  const auto first = std::find_if(marks_.begin(), marks_.end(), [&](const Mark& m) { return m.position > replayed; });
  return first == marks_.end() ? 0 : std::chrono::duration<double, std::milli>(now - first->at).count();
}

std::vector<std::string> Replication::lost() const {
  std::vector<std::string> gone;
  std::set_difference(seen_.begin(), seen_.end(), connected_.begin(), connected_.end(), std::back_inserter(gone));
  return gone;
}

}  // namespace martlet
