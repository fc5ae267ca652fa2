#include "tests/load/oracle.h"

#include <fmt/format.h>

namespace martlet::testing {
namespace {

std::string shown(std::int64_t amount) {
  return amount == Oracle::kGone ? "gone" : std::to_string(amount);
}

}  // namespace

std::unique_lock<std::mutex> Oracle::hold(std::int64_t id) {
  return std::unique_lock(locks_[static_cast<std::size_t>(id) % kLocks]);
}

std::string Oracle::wrong_rows(Connection& connection, const Version& version) const {
  constexpr std::size_t kEnough = 400;
  std::string wrong;
  const auto tell = [&](std::int64_t id, const std::string& expected, const std::string& found) {
    if (expected != found && wrong.size() < kEnough) wrong += fmt::format("{}: {} not {}; ", id, found, expected);
  };
  std::vector<std::string> found(amounts_.size(), "gone");
  connection.each_row(
      {fmt::format("SELECT id, {} FROM {} WHERE id BETWEEN 1 AND $1", version.amount, version.table),
       {std::to_string(rows())}},
      [&](Row&& row) { found[static_cast<std::size_t>(std::stoll(*row[0]) - 1)] = row[1].value_or("NULL"); });
  for (std::size_t i = 0; i < found.size(); ++i) tell(static_cast<std::int64_t>(i) + 1, shown(amounts_[i]), found[i]);
  const Result inserted = connection.execute(
      fmt::format("SELECT count(*) FROM {} WHERE id >= $1 AND id < $2 AND {} = $3", version.table, version.amount),
      {std::to_string(kInsertedFrom), std::to_string(kInsertedFrom + inserted_), std::to_string(kInsertedAmount)});
  tell(kInsertedFrom, std::to_string(inserted_), *inserted.rows.at(0).at(0));
  return wrong;
}

}  // namespace martlet::testing
