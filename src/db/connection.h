// One narrow interface to a database, whatever the driver.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "db/url.h"
#include "sql/dialect.h"

namespace martlet {

/// A value in text form; nullopt is NULL.
using Value = std::optional<std::string>;
using Row = std::vector<Value>;
using RowSink = std::function<void(Row&&)>;

struct Result {
  std::vector<std::string> columns;
  std::vector<Row> rows;
  std::int64_t affected = 0;  // rows changed, as the server counts them
};

/// One statement with its parameters, written $1, $2, … for every driver and bound, never pasted. PostgreSQL infers
/// their types; SQLite binds text, which a column's affinity converts (an expression has none: CAST there).
struct Request {
  std::string sql;
  std::vector<Value> parameters;
};

struct Notice {
  std::string severity;  // NOTICE, WARNING, …
  std::string message;
};

/// What happened to one statement of a pipeline.
struct Completion {
  std::size_t index;
  Result result;
  std::chrono::microseconds elapsed;  // since the previous completion
};

/// Error thrown by pipeline(): the index of the request that failed is in `index`. Its kind is `lock` for 55P03 /
/// SQLITE_BUSY and `cancelled` after a cancel, as with execute().
struct StatementFailed : Error {
  StatementFailed(Error cause, std::size_t index) : Error(std::move(cause)), index(index) {}
  std::size_t index;
};

/// A session. Not for use from two threads at once, apart from cancel(). All errors carry SQLSTATE (SQLite: the name of
/// the extended result code, e.g. SQLITE_CONSTRAINT_UNIQUE), message, detail, hint and position where the server gives
/// them. Throws ConnectionLost when the server is gone, LockTimeout for 55P03 / SQLITE_BUSY, Error{cancelled} after a
/// cancel, else Error{migration_failed}. Every wait ends early when base/cancel.h says so.
class Connection {
 public:
  virtual ~Connection() = default;

  virtual Dialect dialect() const = 0;
  /// e.g. 150020 for PostgreSQL 15.20, 3040001 for SQLite 3.40.1.
  virtual int version() const = 0;
  /// The server's own id of this session (PostgreSQL: the pid that cancels and locks name); 0 for SQLite.
  virtual int backend_pid() const = 0;
  /// True when a transaction-mode pooler stands between: session state does not hold from statement to statement.
  virtual bool behind_pooler() = 0;

  /// Runs exactly one statement outside a pipeline: the way for statements that no transaction may hold.
  virtual Result execute(const Request& request) = 0;
  Result execute(std::string_view sql) { return execute(Request{std::string(sql), {}}); }
  Result execute(std::string_view sql, std::vector<Value> parameters) {
    return execute(Request{std::string(sql), std::move(parameters)});
  }

  /// Runs one statement like execute() and hands over its rows one by one: for as many rows as should not be in memory
  /// twice.
  virtual void each_row(const Request& request, const RowSink& sink) {
    Result result = execute(request);
    for (Row& row : result.rows) sink(std::move(row));
  }

  /// Sends all requests without waiting for each answer. The first must be BEGIN, or a transaction be open: outside
  /// one, an error would leave the earlier ones done (refused with Error{usage}). `completed` is called as each answer
  /// arrives. At an error the rest is skipped, StatementFailed is thrown and the transaction (if any) is left in its
  /// failed state. A connection lost meanwhile throws CommitInDoubt if a request was COMMIT, else ConnectionLost.
  virtual void pipeline(std::span<const Request> requests, const std::function<void(Completion&&)>& completed) = 0;

  /// COPY … FROM stdin: `data` is the text between, lines ended by LF. Returns the number of rows. PostgreSQL only.
  virtual std::int64_t copy_in(std::string_view sql, std::string_view data) = 0;
  /// COPY … TO stdout: `sink` gets each chunk. PostgreSQL only.
  virtual std::int64_t copy_out(std::string_view sql, const std::function<void(std::string_view)>& sink) = 0;

  /// Asks the server to stop the running statement. From any thread; does nothing when none runs.
  virtual void cancel() = 0;
  virtual void on_notice(std::function<void(const Notice&)> handler) = 0;
  /// Called about every 50 ms while a statement runs, with the time it has been running. May use *other* connections.
  virtual void while_waiting(std::function<void(std::chrono::milliseconds)> callback) = 0;

  virtual bool in_transaction() const = 0;
  /// ROLLBACK if a transaction is open (failed or not); never throws.
  virtual void rollback() noexcept = 0;
};

struct OpenOptions {
  std::string application_name = "martlet";
  std::map<std::string, std::string> settings;  // session defaults that survive RESET ALL; dropped behind a pooler
  std::chrono::milliseconds connect_timeout{10000};
  std::chrono::milliseconds busy_timeout{100};                      // SQLite: how long one attempt waits for a lock
  enum class Missing { refuse, create } missing = Missing::refuse;  // SQLite: a database file that does not exist
};

/// A kind of database: one file under db/<name>/ registers itself.
struct Driver {
  std::string_view id;  // "postgres", "sqlite"
  std::vector<std::string_view> schemes;
  Dialect dialect;
  std::string_view example;                                   // a URL to show in errors
  std::string (*target)(std::string_view url);                // Url::target(); Error{usage} when the URL cannot be read
  std::string (*database)(const Url&);                        // Url::database()
  std::string (*renamed)(const Url&, std::string_view name);  // the text of Url::with_database()
  std::unique_ptr<Connection> (*open)(const Url&, const OpenOptions&);
  void (*create_database)(const Url&);  // error when it exists
  void (*drop_database)(const Url&);    // error when it does not exist
  bool (*database_exists)(const Url&);
};

/// The driver for the URL's scheme. Throws Error{usage} naming the known schemes.
const Driver& driver_for(const Url& url);
/// Opens a session. Throws Error{connection} saying which host, port, user and database, and what to check.
std::unique_ptr<Connection> open_connection(const Url& url, const OpenOptions& options = {});

/// BEGIN … COMMIT by hand: commit() is explicit and may throw, the destructor rolls back and never throws.
class Transaction {
 public:
  enum class Mode { read_write, immediate };  // immediate: SQLite takes its write lock now
  explicit Transaction(Connection& connection, Mode mode = Mode::immediate);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& connection_;
  bool open_ = true;
};

}  // namespace martlet
