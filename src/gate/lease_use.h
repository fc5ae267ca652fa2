// Is the lease in use? As a run would judge it, without trying to take it.
#pragma once

#include <string>

#include "db/connection.h"
#include "history/names.h"

namespace martlet {

struct LeaseUse {
  enum class State {
    free,
    held,       // a run is at work
    abandoned,  // its holder is gone; the next run takes it over
    stranded,   // no run is recorded, but a server session holds the lock: runs wait for it
  } state = State::free;
  std::string holder;  // who, for people; "" where free
};

/// martlet's tables must exist.
LeaseUse look_at_lease(Connection& connection, const HistoryNames& names);

}  // namespace martlet
