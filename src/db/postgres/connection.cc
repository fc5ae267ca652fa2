#include "db/postgres/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "base/cancel.h"
#include "db/postgres/error.h"
#include "db/postgres/running.h"

namespace martlet::postgres {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kCallbackInterval{50};
// A server that does not answer a cancel for this long is gone, or out of reach.
constexpr milliseconds kCancelPatience{30000};

void collect_notice(void* pending, const PGresult* result) {
  const char* severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  static_cast<std::vector<Notice>*>(pending)->push_back({severity ? severity : "", message ? message : ""});
}

// Parameters as libpq wants them: pointers into the request.
struct BoundParameters {
  explicit BoundParameters(const std::vector<Value>& parameters) {
    pointers.reserve(parameters.size());
    for (const Value& value : parameters) pointers.push_back(value ? value->c_str() : nullptr);
  }
  std::vector<const char*> pointers;
};

Row row_of(const PGresult* answer, int row, int columns) {
  Row values;
  values.reserve(static_cast<std::size_t>(columns));
  for (int column = 0; column < columns; ++column) {
    if (PQgetisnull(answer, row, column)) {
      values.emplace_back(std::nullopt);
    } else {
      values.emplace_back(std::in_place, PQgetvalue(answer, row, column),
                          static_cast<std::size_t>(PQgetlength(answer, row, column)));
    }
  }
  return values;
}

bool is_copy(const PGresult* answer) {
  const ExecStatusType status = PQresultStatus(answer);
  return status == PGRES_COPY_IN || status == PGRES_COPY_OUT;
}

}  // namespace

Result to_result(const PGresult* answer, const RowSink& sink) {
  Result result;
  const int columns = PQnfields(answer);
  for (int column = 0; column < columns; ++column) result.columns.emplace_back(PQfname(answer, column));
  const int rows = PQntuples(answer);
  if (!sink) result.rows.reserve(static_cast<std::size_t>(rows));
  for (int row = 0; row < rows; ++row) {
    Row values = row_of(answer, row, columns);
    sink ? sink(std::move(values)) : result.rows.push_back(std::move(values));
  }
  const bool only_read =
      columns > 0 && std::string_view(PQcmdStatus(const_cast<PGresult*>(answer))).starts_with("SELECT");
  if (!only_read) result.affected = std::atoll(PQcmdTuples(const_cast<PGresult*>(answer)));
  return result;
}

PgConnection::PgConnection(PgHandle connection, std::optional<bool> pooled)
    : connection_(std::move(connection)), canceller_(connection_.get()), pooled_(pooled) {
  PQsetnonblocking(connection_.get(), 1);
  PQsetNoticeReceiver(connection_.get(), collect_notice, &pending_notices_);
}

bool PgConnection::behind_pooler() {
  if (!pooled_) {
    const Result answer = execute("SELECT pg_catalog.pg_backend_pid()");
    pooled_ = answer.rows.at(0).at(0) != std::to_string(backend_pid());
  }
  return *pooled_;
}

Result PgConnection::execute(const Request& request) {
  return run(request, Interrupts::obeyed);
}

void PgConnection::each_row(const Request& request, const RowSink& sink) {
  run(request, Interrupts::obeyed, sink);
}

Result PgConnection::execute_simply(const std::string& sql) {
  check_usable(Interrupts::obeyed);
  const Running running(*this, Interrupts::obeyed);
  if (!PQsendQuery(connection_.get(), sql.c_str())) fail(nullptr, sql, false);
  const PgResult answer = last_answer();
  if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK) fail(answer.get(), sql, false);
  return to_result(answer.get());
}

Result PgConnection::run(const Request& request, Interrupts interrupts, const RowSink& sink) {
  check_usable(interrupts);
  const Running running(*this, interrupts);
  const bool commits = is_commit(request.sql);
  send(request);
  const PgResult answer = last_answer();
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_COPY_OUT) {
    throw Error(ErrorKind::migration_failed, "COPY … TO stdout has nowhere to write to here");
  }
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
    fail(answer.get(), request.sql, commits);
  }
  if (commits) {
    if (auto refusal = refused_commit(answer.get(), request.sql)) throw std::move(*refusal);
  }
  return to_result(answer.get(), sink);
}

void PgConnection::send(const Request& request) {
  const BoundParameters bound(request.parameters);
  if (!PQsendQueryParams(connection_.get(), request.sql.c_str(), static_cast<int>(bound.pointers.size()), nullptr,
                         bound.pointers.data(), nullptr, nullptr, 0)) {
    fail(nullptr, request.sql, false);
  }
}

PgResult PgConnection::next_answer() {
  while (PQisBusy(connection_.get())) wait();
  PgResult answer(PQgetResult(connection_.get()));
  deliver_notices();
  return answer;
}

PgResult PgConnection::last_answer() {
  PgResult last;
  while (PgResult answer = next_answer()) {
    if (is_copy(answer.get())) end_copy(answer.get());
    // The first failure says why; what follows it ("server closed the connection") is only its consequence.
    const bool failed_before = last && PQresultStatus(last.get()) == PGRES_FATAL_ERROR;
    const bool fails = PQresultStatus(answer.get()) == PGRES_FATAL_ERROR;
    if (!last || (!failed_before && (fails || !is_copy(last.get())))) last = std::move(answer);
  }
  return last;
}

void PgConnection::end_copy(const PGresult* answer) {
  if (PQresultStatus(answer) == PGRES_COPY_IN) {
    while (PQputCopyEnd(connection_.get(), "there is no data for it") == 0) wait();
    return;
  }
  char* chunk = nullptr;
  for (;;) {
    const int size = PQgetCopyData(connection_.get(), &chunk, 1);
    if (size < 0) return;
    if (size == 0) wait();
    PQfreemem(chunk);
  }
}

void PgConnection::wait() {
  const bool unsent = PQflush(connection_.get()) == 1;
  const bool watch_cancel = interrupts_ == Interrupts::obeyed && !canceller_.sent();
  std::array<pollfd, 2> waits{
      pollfd{PQsocket(connection_.get()), static_cast<short>(POLLIN | (unsent ? POLLOUT : 0)), 0},
      pollfd{watch_cancel ? cancel::descriptor() : -1, POLLIN, 0}};
  const bool timed = waiting_callback_ || canceller_.sent() || waits[0].fd < 0;
  poll(waits.data(), waits.size(), timed ? static_cast<int>(kCallbackInterval.count()) : -1);
  if (waits[1].revents) canceller_.send();
  if (waits[0].revents) PQconsumeInput(connection_.get());  // a failure shows in the next answer
  deliver_notices();
  call_back();
}

void PgConnection::call_back() {
  const auto now = Clock::now();
  if (canceller_.sent()) {
    if (cancel_sent_at_ < started_) cancel_sent_at_ = now;
    if (now - cancel_sent_at_ > kCancelPatience) shutdown(PQsocket(connection_.get()), SHUT_RDWR);
  }
  if (!waiting_callback_ || now - called_back_ < kCallbackInterval) return;
  called_back_ = now;
  waiting_callback_(std::chrono::duration_cast<milliseconds>(now - started_));
}

void PgConnection::deliver_notices() {
  if (pending_notices_.empty()) return;
  const std::vector<Notice> notices = std::move(pending_notices_);
  pending_notices_.clear();
  if (!notice_handler_) return;
  for (const Notice& notice : notices) notice_handler_(notice);
}

void PgConnection::check_usable(Interrupts interrupts) {
  if (interrupts == Interrupts::obeyed) cancel::check();
  if (PQstatus(connection_.get()) == CONNECTION_BAD) {
    throw ConnectionLost(ErrorKind::connection, "the connection to the server was lost before");
  }
}

void PgConnection::abandon() noexcept {
  PGconn* session = connection_.get();
  const auto notice_handler = std::exchange(notice_handler_, nullptr);
  const auto waiting_callback = std::exchange(waiting_callback_, nullptr);
  try {
    interrupts_ = Interrupts::ignored;
    canceller_.send();
    if (PQpipelineStatus(session) != PQ_PIPELINE_OFF) {
      PQpipelineSync(session);
      while (PQstatus(session) == CONNECTION_OK && !PQexitPipelineMode(session)) next_answer();
    } else {
      last_answer();
    }
    notice_handler_ = notice_handler;
    waiting_callback_ = waiting_callback;
  } catch (...) {
    connection_.reset();  // a session whose state is unknown must not be used again
  }
}

void PgConnection::rollback() noexcept {
  const PGTransactionStatusType status = PQtransactionStatus(connection_.get());
  if (status != PQTRANS_INTRANS && status != PQTRANS_INERROR) return;
  try {
    run({"ROLLBACK", {}}, Interrupts::ignored);
  } catch (...) {
    // What could not be rolled back ends with the session.
    connection_.reset();
  }
}

Error PgConnection::failure(const PGresult* result, std::string_view sql) const {
  Error error = server_error(result, connection_.get(), sql);
  if (session_is_over(result, connection_.get())) {
    error.kind = ErrorKind::connection;
  } else if (canceller_.sent() && error.sqlstate == "57014") {
    error.kind = ErrorKind::cancelled;
    error.message = "cancelled";
  }
  return error;
}

void PgConnection::fail(const PGresult* result, std::string_view sql, bool commit_may_be_done) {
  Error error = failure(result, sql);
  if (error.kind != ErrorKind::connection) throw_typed(std::move(error));
  if (commit_may_be_done) throw CommitInDoubt(std::move(error));
  throw ConnectionLost(std::move(error));
}

}  // namespace martlet::postgres
