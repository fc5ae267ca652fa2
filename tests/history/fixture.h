// A fresh database of each kind, and child processes to race on it.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "history/audit.h"
#include "history/journal.h"
#include "history/lease.h"
#include "history/ledger.h"
#include "history/record.h"
#include "tests/support/cluster.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

namespace martlet {

/// Runs on PostgreSQL and on SQLite: each test gets a database of its own.
class HistoryTest : public ::testing::TestWithParam<Dialect> {
 protected:
  HistoryTest() {
    if (postgres()) database_.emplace(testing::fresh_database());
    url_ = database_ ? database_->url() : Url::parse("sqlite:" + (folder_ / "test.db").string());
  }

  bool postgres() const { return GetParam() == Dialect::postgres; }
  std::unique_ptr<Connection> open(const Identity& who = Identity::detect("tester", "")) const {
    OpenOptions options;
    options.application_name = who.application;
    options.missing = OpenOptions::Missing::create;
    return open_connection(url_, options);
  }
  HistoryNames names() const { return HistoryNames::make(options_, GetParam()); }
  /// A session on a database that has martlet's tables.
  std::unique_ptr<Connection> open_ready(const Identity& who = Identity::detect("tester", "")) const {
    auto connection = open(who);
    bootstrap_history(*connection, names(), options_);
    return connection;
  }

  testing::TemporaryFolder folder_;
  std::optional<testing::TestDatabase> database_;
  Url url_;
  HistoryOptions options_;
};

inline std::string dialect_of(const ::testing::TestParamInfo<Dialect>& info) {
  return std::string(dialect_name(info.param));
}

/// A copy of this process. Its work ends in 0, an Error in 9, anything else in 8.
class Forked {
 public:
  explicit Forked(const std::function<void()>& work) : pid_(fork()) {
    if (pid_ == 0) _exit(code_of(work));
  }
  ~Forked() {
    if (pid_ <= 0) return;
    kill();
    wait();
  }
  Forked(Forked&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}
  pid_t pid() const { return pid_; }
  void kill() const { ::kill(pid_, SIGKILL); }
  /// The exit status, or minus the signal that ended it.
  int wait() {
    int status = 0;
    waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  static int code_of(const std::function<void()>& work) {
    try {
      work();
      return 0;
    } catch (const Error& error) {
      std::cerr << "forked: " << error.message << " " << error.sqlstate << "\n";
      return 9;
    } catch (...) {
      return 8;
    }
  }
  pid_t pid_;
};

}  // namespace martlet
