// Who stands in the way of a lock we wait for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/connection.h"
#include "run/settings.h"

namespace martlet {

struct Blocker {
  int pid = 0;
  std::string user, application, state, query, backend_type;
  std::string age;           // of its transaction, as "3 min 05 s"
  std::string text() const;  // one line: pid, user, application, age, query
};

/// Watches one connection. When a statement of it has been running for a while, looks through a second connection
/// who blocks it (pg_blocking_pids: PostgreSQL docs 9.26, system information functions).
class BlockerWatch {
 public:
  explicit BlockerWatch(const RunSettings& settings);
  ~BlockerWatch();

  void attach(Connection& watched);
  void detach();
  /// Those seen since the last clear(), the latest look.
  const std::vector<Blocker>& seen() const { return seen_; }
  void clear() { seen_.clear(); }
  std::string text() const;  // all of them, "; " between; "" where none was seen

 private:
  void look(std::chrono::milliseconds waited);

  const RunSettings& settings_;
  Connection* watched_ = nullptr;
  std::unique_ptr<Connection> observer_;
  std::vector<Blocker> seen_;
};

}  // namespace martlet
