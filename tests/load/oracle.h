// What every row of the table under load must hold, kept by those who write it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "db/connection.h"
#include "tests/load/version.h"

namespace martlet::testing {

/// The amounts of rows 1 to `rows`, 0 at first, and the rows that were inserted. Shared by all versions of an
/// application: they write the same rows, one at a time each, so that a change that one of them loses shows.
class Oracle {
 public:
  static constexpr std::int64_t kGone = -1;
  static constexpr std::int64_t kInsertedAmount = 7;
  static constexpr std::int64_t kInsertedFrom = 1'000'000'000;  // far above the rows of the beginning

  explicit Oracle(std::int64_t rows) : amounts_(static_cast<std::size_t>(rows), 0) {}
  std::int64_t rows() const { return static_cast<std::int64_t>(amounts_.size()); }

  /// Nobody else reads or writes the row while this lives.
  std::unique_lock<std::mutex> hold(std::int64_t id);
  /// Of a row that is held.
  std::int64_t& amount(std::int64_t id) { return amounts_.at(static_cast<std::size_t>(id - 1)); }
  /// The id of a row to insert; every one is inserted.
  std::int64_t next_id() { return kInsertedFrom + inserted_++; }

  /// Compares every row, by the version's names; "" = all are right. Nobody may be writing.
  std::string wrong_rows(Connection& connection, const Version& version) const;

 private:
  static constexpr std::size_t kLocks = 256;
  std::vector<std::int64_t> amounts_;
  std::array<std::mutex, kLocks> locks_;
  std::atomic<std::int64_t> inserted_ = 0;
};

}  // namespace martlet::testing
