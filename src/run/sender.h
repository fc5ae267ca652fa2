// Collects the statements of a transaction and sends them in as few round trips as it can.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "rebuild/table_change.h"
#include "run/job.h"
#include "run/session.h"

namespace martlet {

/// Statements are queued and go out together; COPY and SQLite's table rebuild break
/// a pipeline and go alone. Errors are thrown with the place
/// of the statement that failed.
class Sender {
 public:
  explicit Sender(Session& session) : session_(session) {}

  void own(std::vector<Request> requests);
  void user(const Job& job, const Script& script);
  /// Sends what is queued and waits for all answers.
  void flush();

 private:
  struct Origin {
    const Job* job = nullptr;  // null: martlet's own
    const Statement* statement = nullptr;
    std::size_t index = 0, total = 0;  // in its script
  };
  void copy_in(const Job& job, const Statement& statement);
  void rebuild(const Job& job, const Statement& statement, const TableChange& change);
  /// What takes more than one request to the server: behind what is queued.
  void alone(const Job& job, const Statement& statement, const std::function<void()>& run);
  void completed(const Completion& completion);
  void locate(Error& lost) const;
  [[noreturn]] void fail(const StatementFailed& error) const;

  Session& session_;
  std::vector<Request> requests_;
  std::vector<Origin> origins_;
  std::size_t answered_ = 0;  // of the requests that are under way
};

}  // namespace martlet
