// Stops the running statement of a session, from any thread, without ever blocking the caller.
#pragma once

#include <memory>

#include "db/postgres/libpq.h"

namespace martlet::postgres {

class Canceller {
 public:
  explicit Canceller(PGconn* connection);
  ~Canceller();
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

  /// A statement begins: from now on send() has something to cancel.
  void begin();
  /// Asks the server to stop the statement, once a statement. From any thread.
  void send();
  /// Whether send() was called for this statement.
  bool sent() const;
  /// The statement is over. Waits (at most 5 s) for a request that is still on its way, so that it cannot hit the next
  /// statement.
  void end();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace martlet::postgres
