// The second connection of a run, that looks at the server while the first one works.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "db/connection.h"

namespace martlet {

/// Opened when it is first needed. Best effort: a look that fails must not disturb what is looked at. From any thread.
class Observer {
 public:
  explicit Observer(Url url) : url_(std::move(url)) {}

  /// Calls `look` with the connection, one thread at a time; false where that cannot be had or `look` threw, and then a
  /// new one is opened, at the earliest a second later. Throws only Error{cancelled}.
  bool look(const std::function<void(Connection&)>& look);

 private:
  Connection* connection();

  const Url url_;
  std::mutex mutex_;
  std::unique_ptr<Connection> connection_;
  std::chrono::steady_clock::time_point next_try_{};
};

}  // namespace martlet
