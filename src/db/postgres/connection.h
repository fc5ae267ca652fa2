// A PostgreSQL session over libpq, never blocking inside libpq: one wait loop serves the socket, cancels and callbacks.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "db/connection.h"
#include "db/postgres/canceller.h"
#include "db/postgres/libpq.h"

namespace martlet::postgres {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using PgHandle = std::unique_ptr<PGconn, Finish>;

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, Clear>;

/// Implemented in connection.cc (statements, waiting), pipeline.cc and copy.cc.
class PgConnection final : public Connection {
 public:
  /// Takes over an open connection. `pooled`: already known to go through a pooler (it refused startup options).
  PgConnection(PgHandle connection, std::optional<bool> pooled);

  Dialect dialect() const override { return Dialect::postgres; }
  int version() const override { return PQserverVersion(connection_.get()); }
  int backend_pid() const override { return PQbackendPID(connection_.get()); }
  bool behind_pooler() override;

  using Connection::execute;
  Result execute(const Request& request) override;
  void each_row(const Request& request, const RowSink& sink) override;
  /// By the simple protocol: the only one that pgbouncer's console understands.
  Result execute_simply(const std::string& sql);
  void pipeline(std::span<const Request> requests, const std::function<void(Completion&&)>& completed) override;
  std::int64_t copy_in(std::string_view sql, std::string_view data) override;
  std::int64_t copy_out(std::string_view sql, const std::function<void(std::string_view)>& sink) override;

  void cancel() override { canceller_.send(); }
  void on_notice(std::function<void(const Notice&)> handler) override { notice_handler_ = std::move(handler); }
  void while_waiting(std::function<void(std::chrono::milliseconds)> callback) override {
    waiting_callback_ = std::move(callback);
  }

  bool in_transaction() const override { return PQtransactionStatus(connection_.get()) != PQTRANS_IDLE; }
  void rollback() noexcept override;

 private:
  using Clock = std::chrono::steady_clock;
  /// Whether base/cancel.h may interrupt: clean-up after a cancel must not be interrupted by the same request.
  enum class Interrupts { obeyed, ignored };
  class Running;  // the time in which a statement is under way

  /// Sends one statement by the extended protocol, which accepts exactly one.
  void send(const Request& request);
  /// Waits until one more answer is there; null at the end of a statement's answers.
  PgResult next_answer();
  /// One turn of the wait loop: flushes what is unsent, sleeps until the socket can go on, reads what came.
  void wait();
  /// Reads all answers of the statement under way: the last, or the first failed one.
  PgResult last_answer();
  void feed(std::string_view data);
  /// Ends a COPY that nobody feeds or reads.
  void end_copy(const PGresult* answer);
  void deliver_notices();
  /// Calls the while_waiting callback when it is due; gives up on a server that ignores a cancel.
  void call_back();
  void check_usable(Interrupts interrupts = Interrupts::obeyed);
  /// After an exception in the middle of a statement: stops it and reads its answers, or closes the connection.
  void abandon() noexcept;
  Result run(const Request& request, Interrupts interrupts, const RowSink& sink = nullptr);
  Error failure(const PGresult* result, std::string_view sql) const;
  [[noreturn]] void fail(const PGresult* result, std::string_view sql, bool commit_may_be_done);

  friend class Pipeline;

  PgHandle connection_;
  Canceller canceller_;
  std::vector<Notice> pending_notices_;
  std::function<void(const Notice&)> notice_handler_;
  std::function<void(std::chrono::milliseconds)> waiting_callback_;
  std::optional<bool> pooled_;
  Interrupts interrupts_ = Interrupts::obeyed;
  Clock::time_point started_;
  Clock::time_point called_back_;
  Clock::time_point cancel_sent_at_;
};

/// What one answer holds, in text form; its rows go to `sink` where there is one.
Result to_result(const PGresult* answer, const RowSink& sink = nullptr);

}  // namespace martlet::postgres
