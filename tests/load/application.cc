#include "tests/load/application.h"

#include <fmt/format.h>

#include <random>

namespace martlet::testing {
namespace {

// Far above the rows that are there at the beginning.
constexpr std::int64_t kInsertedFrom = 1'000'000'000;
constexpr std::int64_t kInsertedByEach = 1'000'000;

}  // namespace

Application::Application(const Url& url, const Options& options)
    : url_(url), pooled_(options.pooled), rows_(options.rows) {
  const std::int64_t each = options.rows / options.writers;
  for (int i = 0; i < options.writers; ++i) {
    auto writer = std::make_unique<Writer>();
    writer->first = 1 + i * each;
    writer->count = each;
    writer->next_id = kInsertedFrom + i * kInsertedByEach;
    writer->amounts.assign(static_cast<std::size_t>(each), 0);
    writers_.push_back(std::move(writer));
  }
  for (int i = 0; i < options.writers; ++i) {
    threads_.emplace_back([this, i] { write(*writers_[static_cast<std::size_t>(i)], i); });
  }
  for (int i = 0; i < options.readers; ++i) threads_.emplace_back([this, i] { read(i); });
}

Application::~Application() {
  stop();
}

void Application::stop() {
  stopping_ = true;
  for (std::thread& each : threads_) {
    if (each.joinable()) each.join();
  }
}

std::vector<std::string> Application::errors() const {
  const std::lock_guard lock(mutex_);
  return errors_;
}

void Application::fail(const std::string& what) {
  const std::lock_guard lock(mutex_);
  errors_.push_back(what);
}

std::unique_ptr<Connection> Application::connect(int number) const {
  return open_connection(pooled_ && number % 2 == 1 ? *pooled_ : url_, {.application_name = "shop"});
}

void Application::write(Writer& writer, int number) try {
  const auto connection = connect(number);
  std::minstd_rand random(static_cast<unsigned>(number + 1));
  while (!stopping_) {
    const auto row = std::uniform_int_distribution<std::int64_t>(0, writer.count - 1)(random);
    std::int64_t& amount = writer.amounts[static_cast<std::size_t>(row)];
    const std::string id = std::to_string(writer.first + row);
    const auto what = std::uniform_int_distribution<int>(0, 9)(random);
    if (what == 0) {
      const std::string next = std::to_string(writer.next_id);
      connection->execute("INSERT INTO orders (id, buyer, code, amount) VALUES ($1, 1, 'n' || $2::text, 7)",
                          {next, next});
      writer.inserted.push_back(writer.next_id++);
    } else if (what == 1 && amount >= 0) {
      connection->execute("DELETE FROM orders WHERE id = $1", {id});
      amount = -1;
    } else if (amount >= 0) {
      connection->execute("UPDATE orders SET amount = amount + 1 WHERE id = $1", {id});
      ++amount;
    }
    ++statements_;
  }
} catch (const Error& error) {
  fail(error.message);
}

void Application::read(int number) try {
  const auto connection = connect(number);
  std::minstd_rand random(99);
  while (!stopping_) {
    const auto id = std::uniform_int_distribution<std::int64_t>(1, rows_)(random);
    connection->execute("SELECT amount, code FROM orders WHERE id = $1", {std::to_string(id)});
    ++statements_;
  }
} catch (const Error& error) {
  fail(error.message);
}

std::string Application::wrong_rows() const {
  std::string wrong;
  const auto connection = open_connection(url_);
  const auto tell = [&](std::int64_t id, const std::string& expected, const std::string& found) {
    constexpr std::size_t kEnough = 400;
    if (expected != found && wrong.size() < kEnough) wrong += fmt::format("{}: {} not {}; ", id, found, expected);
  };
  for (const auto& writer : writers_) {
    std::vector<std::string> found(writer->amounts.size(), "gone");
    const Result rows =
        connection->execute("SELECT id, amount FROM orders WHERE id >= $1 AND id < $2",
                            {std::to_string(writer->first), std::to_string(writer->first + writer->count)});
    for (const Row& row : rows.rows) found[static_cast<std::size_t>(std::stoll(*row[0]) - writer->first)] = *row[1];
    for (std::size_t i = 0; i < found.size(); ++i) {
      const std::string expected = writer->amounts[i] < 0 ? "gone" : std::to_string(writer->amounts[i]);
      tell(writer->first + static_cast<std::int64_t>(i), expected, found[i]);
    }
    const Result inserted =
        connection->execute("SELECT count(*) FROM orders WHERE id >= $1 AND id < $2 AND amount = 7",
                            {std::to_string(writer->next_id - static_cast<std::int64_t>(writer->inserted.size())),
                             std::to_string(writer->next_id)});
    tell(writer->next_id, std::to_string(writer->inserted.size()), *inserted.rows[0][0]);
  }
  return wrong;
}

}  // namespace martlet::testing
