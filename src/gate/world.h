// What gates look at: the database, through a session of their own, and what is known about the run.
#pragma once

#include <memory>
#include <string>

#include "gate/situation.h"

namespace martlet {

struct GateTarget {
  HealthTarget health;
  std::string run_id;       // of the run that is gated; "" = none
  std::string application;  // the application_name of its sessions
};

/// Of one thread. Opens its session when it is first needed, and anew after it was lost.
class GateWorld {
 public:
  explicit GateWorld(GateTarget what) : target(std::move(what)) {}

  const GateTarget target;
  Dialect dialect() const { return target.health.url.dialect(); }
  HistoryNames names() const { return HistoryNames::make(target.health.history, dialect()); }

  /// Throws Error{connection}.
  Connection& connection();
  void disconnect() { connection_.reset(); }
  /// One question that changes nothing (a read-only transaction, rolled back), in at most `limit`.
  Result ask(const Request& question, Milliseconds limit);
  /// The same of another database.
  static Result ask_of(Connection& connection, const Request& question, Milliseconds limit);
  /// True where the server is on this machine, so that its processors and memory are ours.
  bool server_is_here();

 private:
  std::unique_ptr<Connection> connection_;
};

}  // namespace martlet
