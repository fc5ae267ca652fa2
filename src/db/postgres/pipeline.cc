// Many statements, one round trip. Each is followed by a flush request, or the server would keep all answers to itself
// until the end: no progress, no timings. Sending goes on only while the socket takes it and answers are read
// meanwhile, so that a pipeline of any length neither deadlocks nor piles up in memory.
#include <algorithm>

#include "base/cancel.h"
#include "base/text.h"
#include "db/postgres/connection.h"
#include "db/postgres/error.h"
#include "db/postgres/running.h"

namespace martlet::postgres {
namespace {

constexpr std::size_t kMostUnanswered = 512;
constexpr std::size_t kMostUnsentBytes = 64 * 1024;

std::string first_word(std::string_view sql) {
  const std::string_view text = trim(sql);
  return lower(text.substr(0, std::min(text.find_first_of(" \t\r\n;(/-"), text.size())));
}

bool begins_transaction(std::string_view sql) {
  const std::string word = first_word(sql);
  return word == "begin" || word == "start";
}

// libpq cannot leave a COPY in a pipeline: found before anything is sent, it costs nothing.
bool copies_through_client(std::string_view sql) {
  if (first_word(sql) != "copy") return false;
  const std::string text = lower(sql);
  return text.find("stdin") != std::string::npos || text.find("stdout") != std::string::npos;
}

}  // namespace

class Pipeline {
 public:
  using Completed = std::function<void(Completion&&)>;
  Pipeline(PgConnection& session, std::span<const Request> requests, const Completed& completed)
      : session_(session), connection_(session.connection_.get()), requests_(requests), completed_(completed) {
    commits_ = std::any_of(requests.begin(), requests.end(), [](const Request& r) { return is_commit(r.sql); });
  }

  void run() {
    PQenterPipelineMode(connection_);
    while (!synced_) {
      send_more();
      if (PQisBusy(connection_)) {
        session_.wait();
      } else {
        read_answer();
      }
    }
    PQexitPipelineMode(connection_);
    if (failed_) throw std::move(*failed_);
  }

 private:
  void send_more() {
    std::size_t unsent = 0;
    while (!failed_ && sent_ < requests_.size() && sent_ - answered_ < kMostUnanswered && unsent < kMostUnsentBytes) {
      if (sent_ > answered_ && PQflush(connection_) == 1) return;
      unsent += requests_[sent_].sql.size();
      session_.send(requests_[sent_]);
      PQsendFlushRequest(connection_);
      ++sent_;
    }
    if (!sync_sent_ && (failed_ || sent_ == requests_.size())) {
      PQpipelineSync(connection_);
      sync_sent_ = true;
    }
    PQflush(connection_);
  }

  void read_answer() {
    const PgResult answer(PQgetResult(connection_));
    session_.deliver_notices();
    switch (answer ? PQresultStatus(answer.get()) : PGRES_EMPTY_QUERY) {
      case PGRES_PIPELINE_SYNC:
        synced_ = true;
        break;
      case PGRES_PIPELINE_ABORTED:
        break;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
        complete(answer.get());
        break;
      case PGRES_EMPTY_QUERY:
        if (answer) complete(answer.get());
        break;
      default:
        fail(answer.get());
        break;
    }
  }

  void complete(const PGresult* answer) {
    const std::string& sql = requests_[answered_].sql;
    if (is_commit(sql)) {
      if (auto refusal = refused_commit(answer, sql)) {
        failed_ = StatementFailed(std::move(*refusal), answered_);
        return;
      }
    }
    const auto now = PgConnection::Clock::now();
    Completion completion{answered_++, to_result(answer),
                          std::chrono::duration_cast<std::chrono::microseconds>(now - last_completion_)};
    last_completion_ = now;
    if (completed_) completed_(std::move(completion));
  }

  void fail(const PGresult* answer) {
    const std::string_view sql = answered_ < requests_.size() ? requests_[answered_].sql : std::string_view();
    if (session_is_over(answer, connection_)) session_.fail(answer, sql, commits_);
    if (!failed_) failed_ = StatementFailed(session_.failure(answer, sql), answered_);
  }

  PgConnection& session_;
  PGconn* connection_;
  std::span<const Request> requests_;
  const Completed& completed_;
  bool commits_ = false;
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
  bool sync_sent_ = false;
  bool synced_ = false;
  std::optional<StatementFailed> failed_;
  PgConnection::Clock::time_point last_completion_ = PgConnection::Clock::now();
};

void PgConnection::pipeline(std::span<const Request> requests, const std::function<void(Completion&&)>& completed) {
  if (requests.empty()) return;
  check_usable();
  if (!in_transaction() && !begins_transaction(requests.front().sql)) {
    throw Error(ErrorKind::usage, "a pipeline must begin with BEGIN, or run inside a transaction");
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!copies_through_client(requests[i].sql)) continue;
    Error error(ErrorKind::usage, "COPY from stdin or to stdout cannot be part of a pipeline");
    error.statement = requests[i].sql;
    throw StatementFailed(std::move(error), i);
  }
  const Running running(*this, Interrupts::obeyed);
  Pipeline(*this, requests, completed).run();
}

}  // namespace martlet::postgres
