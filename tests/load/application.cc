#include "tests/load/application.h"

#include <fmt/format.h>

#include <random>

namespace martlet::testing {
namespace {

constexpr int kWriters = 3;
constexpr int kReaders = 2;
// An application that leaves martlet a processor.
constexpr std::chrono::milliseconds kThinks{5};

struct Texts {
  std::string insert, change, remove, read, also;
};

Texts texts_of(const Version& version) {
  const std::string& table = version.table;
  const std::string& amount = version.amount;
  const bool also = !version.also.empty();
  return {
      .insert = fmt::format("INSERT INTO {} (id, buyer, code, {}{}) VALUES ($1::bigint, 1, 'n' || $1::bigint, {}{})",
                            table, amount, also ? ", " + version.also : "", Oracle::kInsertedAmount,
                            also ? ", " + version.value : ""),
      .change = fmt::format("UPDATE {0} SET {1} = {1} + 1 WHERE id = $1::bigint", table, amount),
      .remove = fmt::format("DELETE FROM {} WHERE id = $1::bigint", table),
      .read = fmt::format("SELECT {}, code FROM {} WHERE id = $1::bigint", amount, table),
      .also = version.reads,
  };
}

}  // namespace

// A session: of its statements, prepared once, only the id changes; or it sends each anew with the id bound.
class Application::Client {
 public:
  enum class Sends { prepared, bound };
  Client(const Url& url, Sends sends, const Version& version)
      : texts(texts_of(version)), connection_(open_connection(url, {.application_name = "shop"})), sends_(sends) {
    if (sends_ == Sends::bound) return;
    prepare("put", texts.insert);
    prepare("change", texts.change);
    prepare("remove", texts.remove);
    prepare("look", texts.read);
  }

  Result insert(std::int64_t id) { return run("put", texts.insert, id); }
  Result change(std::int64_t id) { return run("change", texts.change, id); }
  Result remove(std::int64_t id) { return run("remove", texts.remove, id); }
  Result look(std::int64_t id) { return run("look", texts.read, id); }
  void look_further() {
    if (!texts.also.empty()) connection_->execute(texts.also);
  }

  const Texts texts;

 private:
  void prepare(std::string_view name, const std::string& sql) {
    connection_->execute(fmt::format("PREPARE {} (bigint) AS {}", name, sql));
  }
  Result run(std::string_view name, const std::string& sql, std::int64_t id) {
    if (sends_ == Sends::bound) return connection_->execute(sql, {std::to_string(id)});
    return connection_->execute(fmt::format("EXECUTE {} ({})", name, id));
  }

  std::unique_ptr<Connection> connection_;
  const Sends sends_;
};

Application::Application(const Ways& ways, Version version, Oracle& oracle)
    : ways_(ways), version_(std::move(version)), oracle_(oracle) {
  for (int i = 0; i < kWriters + kReaders; ++i) threads_.emplace_back([this, i] { run(i); });
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

void Application::run(int number) try {
  const Url* ways[] = {&ways_.direct, &ways_.transactions, &ways_.whole_sessions};
  const Url& way = *ways[number % std::size(ways)];
  Client client(way, &way == &ways_.transactions ? Client::Sends::bound : Client::Sends::prepared, version_);
  std::minstd_rand random(static_cast<unsigned>(number + 1));
  while (!stopping_) {
    const auto id = std::uniform_int_distribution<std::int64_t>(1, oracle_.rows())(random);
    const auto what = std::uniform_int_distribution<int>(0, 9)(random);
    if (number < kWriters) {
      write_one(client, id, what);
    } else {
      read_one(client, id);
    }
    ++statements_;
    std::this_thread::sleep_for(kThinks);
  }
} catch (const Error& error) {
  fail(error.message);
}

void Application::write_one(Client& client, std::int64_t id, int what) {
  const auto held = oracle_.hold(id);
  std::int64_t& amount = oracle_.amount(id);
  if (what == 0) {
    client.insert(oracle_.next_id());
  } else if (what == 1 && amount != Oracle::kGone) {
    client.remove(id);
    amount = Oracle::kGone;
  } else if (amount != Oracle::kGone) {
    client.change(id);
    ++amount;
  }
}

void Application::read_one(Client& client, std::int64_t id) {
  const auto held = oracle_.hold(id);
  const Result found = client.look(id);
  const std::string amount = found.rows.empty() ? "-1" : found.rows[0].at(0).value_or("NULL");
  const std::string expected = std::to_string(oracle_.amount(id));
  if (amount != expected) fail(fmt::format("row {} has {} {}, not {}", id, version_.amount, amount, expected));
  client.look_further();
}

}  // namespace martlet::testing
