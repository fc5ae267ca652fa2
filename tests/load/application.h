// An application that goes on reading and writing while a migration runs, and knows what every row must hold.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "db/connection.h"
#include "tests/load/oracle.h"
#include "tests/load/version.h"

namespace martlet::testing {

/// The ways to the database that an application's sessions take in turn.
struct Ways {
  Url direct;          // with prepared statements
  Url transactions;    // a pooler that hands on each transaction: bound parameters, parsed anew each time
  Url whole_sessions;  // a pooler that hands on sessions: prepared statements
};

/// Writers and readers on a table with id bigint, buyer int, code text, and an amount. Starts at once, stops with
/// stop().
class Application {
 public:
  Application(const Ways& ways, Version version, Oracle& oracle);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  void stop();
  /// What the server answered other than success, and amounts that a reader found wrong; empty = nobody noticed
  /// anything.
  std::vector<std::string> errors() const;
  std::int64_t statements() const { return statements_; }

 private:
  class Client;
  void run(int number);
  void write_one(Client& client, std::int64_t id, int what);
  void read_one(Client& client, std::int64_t id);
  void fail(const std::string& what);

  const Ways ways_;
  const Version version_;
  Oracle& oracle_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::int64_t> statements_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> errors_;
  std::vector<std::thread> threads_;
};

}  // namespace martlet::testing
