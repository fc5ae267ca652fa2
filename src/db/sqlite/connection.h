// An SQLite database file (or a database in memory) as a session.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <exception>
#include <memory>

#include "db/connection.h"

namespace martlet::sqlite {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(Handle database, std::chrono::milliseconds busy_timeout);

  Dialect dialect() const override { return Dialect::sqlite; }
  int version() const override { return sqlite3_libversion_number(); }
  int backend_pid() const override { return 0; }
  bool behind_pooler() override { return false; }

  using Connection::execute;
  Result execute(const Request& request) override;
  void each_row(const Request& request, const RowSink& sink) override;
  void pipeline(std::span<const Request> requests, const std::function<void(Completion&&)>& completed) override;
  std::int64_t copy_in(std::string_view sql, std::string_view data) override;
  std::int64_t copy_out(std::string_view sql, const std::function<void(std::string_view)>& sink) override;

  void cancel() override;
  void on_notice(std::function<void(const Notice&)>) override {}  // SQLite has none
  void while_waiting(std::function<void(std::chrono::milliseconds)> callback) override {
    waiting_callback_ = std::move(callback);
  }

  bool in_transaction() const override { return sqlite3_get_autocommit(database_.get()) == 0; }
  void rollback() noexcept override;

 private:
  using Clock = std::chrono::steady_clock;
  enum class Interrupts { obeyed, ignored };
  class Running;

  Result run(const Request& request, Interrupts interrupts, const RowSink& sink = nullptr);
  Prepared prepare(const std::string& sql);
  void refuse_second_statement(const std::string& sql, const char* rest);
  void bind(sqlite3_stmt* statement, const Request& request);
  [[noreturn]] void fail(const std::string& sql);
  /// Runs the callback when it is due; false when the statement must stop. Never throws: SQLite's C code calls it.
  bool keep_going() noexcept;
  static int on_progress(void* self);
  static int on_busy(void* self, int attempts);

  Handle database_;
  std::chrono::milliseconds busy_timeout_;
  std::function<void(std::chrono::milliseconds)> waiting_callback_;
  std::exception_ptr callback_failure_;
  Interrupts interrupts_ = Interrupts::obeyed;
  std::atomic<bool> running_ = false;
  std::atomic<bool> cancelled_ = false;
  Clock::time_point started_;
  Clock::time_point called_back_;
  Clock::time_point busy_since_;
};

}  // namespace martlet::sqlite
