#include <algorithm>
#include <cstdlib>

#include "base/cancel.h"
#include "db/postgres/connection.h"
#include "db/postgres/error.h"
#include "db/postgres/running.h"

namespace martlet::postgres {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

std::int64_t row_count(const PGresult* answer) {
  return std::atoll(PQcmdTuples(const_cast<PGresult*>(answer)));
}

struct FreeMemory {
  void operator()(char* memory) const { PQfreemem(memory); }
};

}  // namespace

std::int64_t PgConnection::copy_in(std::string_view sql, std::string_view data) {
  check_usable();
  const Running running(*this, Interrupts::obeyed);
  send({std::string(sql), {}});
  PgResult answer = next_answer();
  if (PQresultStatus(answer.get()) == PGRES_COPY_IN) {
    feed(data);
    answer = last_answer();
  } else if (PQresultStatus(answer.get()) != PGRES_FATAL_ERROR) {
    throw Error(ErrorKind::usage, "this statement does not read from stdin");
  }
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) fail(answer.get(), sql, false);
  return row_count(answer.get());
}

// Stops early when the server already refused a row: it says so in its answer.
void PgConnection::feed(std::string_view data) {
  while (!data.empty()) {
    const std::string_view chunk = data.substr(0, kChunk);
    int put = 0;
    while ((put = PQputCopyData(connection_.get(), chunk.data(), static_cast<int>(chunk.size()))) == 0) wait();
    if (put < 0) return;
    data.remove_prefix(chunk.size());
    while (PQflush(connection_.get()) == 1) wait();
    // Reading from its client, the server does not look at cancel requests: the end of the data must say it.
    if (cancel::requested() || canceller_.sent()) {
      canceller_.send();
      PQputCopyEnd(connection_.get(), "cancelled");
      return;
    }
  }
  while (PQputCopyEnd(connection_.get(), nullptr) == 0) wait();
}

std::int64_t PgConnection::copy_out(std::string_view sql, const std::function<void(std::string_view)>& sink) {
  check_usable();
  const Running running(*this, Interrupts::obeyed);
  send({std::string(sql), {}});
  PgResult answer = next_answer();
  if (PQresultStatus(answer.get()) == PGRES_COPY_OUT) {
    char* received = nullptr;
    int size = 0;
    while ((size = PQgetCopyData(connection_.get(), &received, 1)) >= 0) {
      const std::unique_ptr<char, FreeMemory> chunk(received);
      if (size == 0) {
        wait();
      } else {
        sink({chunk.get(), static_cast<std::size_t>(size)});
      }
    }
    answer = last_answer();
  } else if (PQresultStatus(answer.get()) != PGRES_FATAL_ERROR) {
    throw Error(ErrorKind::usage, "this statement does not write to stdout");
  }
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) fail(answer.get(), sql, false);
  return row_count(answer.get());
}

}  // namespace martlet::postgres
