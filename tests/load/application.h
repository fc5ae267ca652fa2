// An application that goes on reading and writing while a migration runs, and knows what every row must hold.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "db/connection.h"

namespace martlet::testing {

/// Writers, each with rows of its own, and readers, on the table `orders` (id bigint PRIMARY KEY, buyer int NULL, code
/// text, amount bigint). Starts at once, stops with stop().
class Application {
 public:
  struct Options {
    int writers = 2, readers = 1;
    std::int64_t rows = 0;      // ids from 1 that are there
    std::optional<Url> pooled;  // every second writer and reader goes this way
  };
  Application(const Url& url, const Options& options);
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  void stop();
  /// What the server answered to the application's statements other than success; empty = nobody noticed anything.
  std::vector<std::string> errors() const;
  std::int64_t statements() const { return statements_; }
  /// Compares every row with what its writer knows; "" = all are right. After stop().
  std::string wrong_rows() const;

 private:
  struct Writer {
    std::int64_t first = 0, count = 0;
    std::vector<std::int64_t> amounts;  // by row, -1 = deleted
    std::int64_t next_id = 0;           // of the rows it inserts
    std::vector<std::int64_t> inserted;
  };
  void write(Writer& writer, int number);
  void read(int number);
  std::unique_ptr<Connection> connect(int number) const;
  void fail(const std::string& what);

  const Url url_;
  const std::optional<Url> pooled_;
  const std::int64_t rows_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::int64_t> statements_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> errors_;
  std::vector<std::unique_ptr<Writer>> writers_;
  std::vector<std::thread> threads_;
};

}  // namespace martlet::testing
