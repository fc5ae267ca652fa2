#include "db/sqlite/connection.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/cancel.h"
#include "base/text.h"
#include "db/sqlite/error.h"

namespace martlet::sqlite {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kCallbackInterval{50};
constexpr int kOpcodesBetweenLooks = 5000;  // well under a millisecond
constexpr int kBusyPauseMs = 5;

Row current_row(sqlite3_stmt* statement, int columns) {
  Row row;
  row.reserve(static_cast<std::size_t>(columns));
  for (int column = 0; column < columns; ++column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    if (text) {
      row.emplace_back(std::in_place, text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    } else {
      row.emplace_back(std::nullopt);
    }
  }
  return row;
}

// 3 for "$3", 0 for a parameter of another form.
std::size_t parameter_number(const char* name) {
  if (!name || name[0] != '$' || std::strlen(name) > 6) return 0;
  const std::string_view digits(name + 1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return 0;
  return static_cast<std::size_t>(std::stoi(std::string(digits)));
}

}  // namespace

class SqliteConnection::Running {
 public:
  Running(SqliteConnection& session, Interrupts interrupts) : session_(session) {
    session_.interrupts_ = interrupts;
    session_.started_ = session_.called_back_ = Clock::now();
    session_.cancelled_ = false;
    session_.running_ = true;
  }
  ~Running() {
    session_.running_ = false;
    session_.interrupts_ = Interrupts::obeyed;
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  SqliteConnection& session_;
};

SqliteConnection::SqliteConnection(Handle database, milliseconds busy_timeout)
    : database_(std::move(database)), busy_timeout_(busy_timeout) {
  sqlite3_extended_result_codes(database_.get(), 1);
  sqlite3_progress_handler(database_.get(), kOpcodesBetweenLooks, on_progress, this);
  sqlite3_busy_handler(database_.get(), on_busy, this);
}

Result SqliteConnection::execute(const Request& request) {
  return run(request, Interrupts::obeyed);
}

void SqliteConnection::each_row(const Request& request, const RowSink& sink) {
  run(request, Interrupts::obeyed, sink);
}

Result SqliteConnection::run(const Request& request, Interrupts interrupts, const RowSink& sink) {
  if (interrupts == Interrupts::obeyed) cancel::check();
  const Running running(*this, interrupts);
  const Prepared statement = prepare(request.sql);
  if (!statement) return {};
  bind(statement.get(), request);
  Result result;
  const int columns = sqlite3_column_count(statement.get());
  for (int column = 0; column < columns; ++column) {
    result.columns.emplace_back(sqlite3_column_name(statement.get(), column));
  }
  const auto changed_before = sqlite3_total_changes64(database_.get());
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    Row row = current_row(statement.get(), columns);
    sink ? sink(std::move(row)) : result.rows.push_back(std::move(row));
  }
  if (code != SQLITE_DONE) fail(request.sql);
  // sqlite3_changes() still tells of an earlier statement after one that changes no rows.
  if (sqlite3_total_changes64(database_.get()) != changed_before) result.affected = sqlite3_changes64(database_.get());
  return result;
}

Prepared SqliteConnection::prepare(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v2(database_.get(), sql.c_str(), static_cast<int>(sql.size()) + 1, &statement, &rest);
  Prepared prepared(statement);
  if (code != SQLITE_OK) fail(sql);
  refuse_second_statement(sql, rest);
  return prepared;
}

void SqliteConnection::refuse_second_statement(const std::string& sql, const char* rest) {
  while (*rest != '\0') {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(database_.get(), rest, -1, &statement, &rest);
    const Prepared second(statement);
    if (code == SQLITE_OK && !second) continue;  // a comment, or a lone semicolon
    Error error(ErrorKind::migration_failed, "there is more than one statement where one was expected");
    error.statement = sql;
    error.sqlstate = "SQLITE_ERROR";
    throw error;
  }
}

void SqliteConnection::bind(sqlite3_stmt* statement, const Request& request) {
  const int count = sqlite3_bind_parameter_count(statement);
  std::size_t highest = 0;
  for (int at = 1; at <= count; ++at) {
    const char* name = sqlite3_bind_parameter_name(statement, at);
    const std::size_t number = parameter_number(name);
    highest = std::max(highest, number);
    if (number == 0 || number > request.parameters.size()) {
      Error error(ErrorKind::migration_failed, fmt::format("no value is given for parameter {}", name ? name : "?"));
      error.statement = request.sql;
      error.sqlstate = "SQLITE_RANGE";
      throw error;
    }
    const Value& value = request.parameters[number - 1];
    const int code = value
                         ? sqlite3_bind_text64(statement, at, value->data(), value->size(), SQLITE_STATIC, SQLITE_UTF8)
                         : sqlite3_bind_null(statement, at);
    if (code != SQLITE_OK) fail(request.sql);
  }
  if (highest < request.parameters.size()) {
    Error error(ErrorKind::migration_failed,
                fmt::format("{} values are given for {} parameters", request.parameters.size(), highest));
    error.statement = request.sql;
    error.sqlstate = "SQLITE_RANGE";
    throw error;
  }
}

void SqliteConnection::fail(const std::string& sql) {
  if (callback_failure_) std::rethrow_exception(std::exchange(callback_failure_, nullptr));
  Error error = last_error(database_.get(), sql);
  if (cancelled_ && (error.sqlstate == "SQLITE_INTERRUPT" || error.kind == ErrorKind::lock)) {
    error.kind = ErrorKind::cancelled;
    error.message = "cancelled";
    error.sqlstate = "SQLITE_INTERRUPT";
  }
  if (error.kind == ErrorKind::lock) throw LockTimeout(std::move(error));
  throw error;
}

// Without latency there is nothing to gain from sending ahead: one after the other.
void SqliteConnection::pipeline(std::span<const Request> requests, const std::function<void(Completion&&)>& completed) {
  if (requests.empty()) return;
  const std::string_view first = trim(requests.front().sql);
  if (!in_transaction() && !equals_ignoring_case(first.substr(0, 5), "begin")) {
    throw Error(ErrorKind::usage, "a pipeline must begin with BEGIN, or run inside a transaction");
  }
  auto last = Clock::now();
  for (std::size_t index = 0; index < requests.size(); ++index) {
    Result result;
    try {
      result = execute(requests[index]);
    } catch (const Error& error) {
      throw StatementFailed(error, index);
    }
    const auto now = Clock::now();
    const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(now - last);
    last = now;
    if (completed) completed({index, std::move(result), elapsed});
  }
}

std::int64_t SqliteConnection::copy_in(std::string_view sql, std::string_view) {
  Error error(ErrorKind::migration_failed, "SQLite has no COPY");
  error.statement = sql;
  throw error;
}

std::int64_t SqliteConnection::copy_out(std::string_view sql, const std::function<void(std::string_view)>&) {
  return copy_in(sql, {});
}

void SqliteConnection::cancel() {
  if (!running_) return;
  cancelled_ = true;
  sqlite3_interrupt(database_.get());
}

void SqliteConnection::rollback() noexcept {
  if (!in_transaction()) return;
  try {
    run({"ROLLBACK", {}}, Interrupts::ignored);
  } catch (...) {
    // The destructor's close rolls back what is left.
  }
}

bool SqliteConnection::keep_going() noexcept {
  if (interrupts_ == Interrupts::obeyed && cancel::requested()) cancelled_ = true;
  if (cancelled_) return false;
  const auto now = Clock::now();
  if (!waiting_callback_ || now - called_back_ < kCallbackInterval) return true;
  called_back_ = now;
  try {
    waiting_callback_(std::chrono::duration_cast<milliseconds>(now - started_));
  } catch (...) {
    callback_failure_ = std::current_exception();
    return false;
  }
  return true;
}

int SqliteConnection::on_progress(void* self) {
  return static_cast<SqliteConnection*>(self)->keep_going() ? 0 : 1;
}

int SqliteConnection::on_busy(void* self, int attempts) {
  auto& session = *static_cast<SqliteConnection*>(self);
  if (attempts == 0) session.busy_since_ = Clock::now();
  if (!session.keep_going() || Clock::now() - session.busy_since_ >= session.busy_timeout_) return 0;
  pollfd waits{session.interrupts_ == Interrupts::obeyed ? cancel::descriptor() : -1, POLLIN, 0};
  poll(&waits, 1, kBusyPauseMs);
  return 1;
}

}  // namespace martlet::sqlite
