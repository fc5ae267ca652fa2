#include "watch/observer.h"

namespace martlet {

bool Observer::look(const std::function<void(Connection&)>& look) {
  const std::lock_guard lock(mutex_);
  try {
    if (!connection()) return false;
    look(*connection_);
    return true;
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    if (connection_) connection_->rollback();
    connection_.reset();
    return false;
  }
}

Connection* Observer::connection() {
  const auto now = std::chrono::steady_clock::now();
  if (!connection_ && now >= next_try_) {
    next_try_ = now + std::chrono::seconds(1);
    // A look waits for nobody: not for a lock, not for a synchronous replica. Behind a pooler it may.
    connection_ = open_connection(
        url_, {.application_name = "martlet watch",
               .settings = {{"lock_timeout", "1s"}, {"statement_timeout", "5s"}, {"synchronous_commit", "off"}}});
  }
  return connection_.get();
}

}  // namespace martlet
