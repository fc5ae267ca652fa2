#include "gate/lease_use.h"

#include <fmt/format.h>

#include "history/lease_row.h"

namespace martlet {
namespace {

// A holder that cannot be seen from here counts as gone when it has been silent for as long as a run waits.
bool row_is_abandoned(const LeaseRow& row) {
  if (row.process() == Liveness::gone) return true;
  return row.process() == Liveness::unknown && row.heartbeat_age > Lease::Options{}.expiry;
}

}  // namespace

LeaseUse look_at_lease(Connection& connection, const HistoryNames& names) {
  using State = LeaseUse::State;
  const LeaseRow row = read_lease_row(connection, names, Try::nothing);
  const bool postgres = connection.dialect() == Dialect::postgres;
  const auto session = postgres ? find_locking_session(connection, names) : std::nullopt;
  if (session && (row.is_free() || row.mode == LeaseMode::row)) {
    return {State::stranded, fmt::format("server process {}, user {}, application \"{}\"", session->pid, session->user,
                                         session->application)};
  }
  if (row.is_free()) return {};
  const bool works = row.mode == LeaseMode::session ? session.has_value() : !row_is_abandoned(row);
  return {works ? State::held : State::abandoned, row.holder.text()};
}

}  // namespace martlet
