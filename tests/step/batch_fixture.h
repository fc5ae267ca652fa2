// A table, and a statement made on it in batches as a run makes it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "run/batching.h"
#include "step/batch/run_batches.h"
#include "tests/history/fixture.h"

namespace martlet {

class BatchTest : public ::testing::Test {
 protected:
  BatchTest() : connection_(open()) { bootstrap_history(*connection_, names_, {}); }

  std::unique_ptr<Connection> open() const {
    OpenOptions options;
    options.application_name = "martlet/test";
    return database_.connect(options);
  }
  void sql(const std::string& text) {
    for (const Statement& each : split({text, "setup"}, Dialect::postgres)) connection_->execute(each.text);
  }
  std::string value(const std::string& text) {
    const Result result = connection_->execute(text);
    return result.rows.empty() ? "" : result.rows[0].at(0).value_or("NULL");
  }
  std::vector<JournalEntry> journal() { return read_unfinished(*connection_, names_); }

  /// The change that the catalog makes of a statement. Throws its refusal.
  static BatchChange change_of(Connection& connection, const std::string& statement,
                               const std::string& arguments = "") {
    Script script =
        prepare_script({"-- martlet:batch " + arguments + "\n" + statement, "V001.sql"}, true, {}, Dialect::postgres);
    BatchResolver(connection).resolve(script);
    return *script.statements.front().batch->change;
  }

  /// One run of the statement as step 0 of migration 001, whatever the journal says.
  BatchOutcome run_with(Connection& connection, const std::string& text, const BatchSettings& settings) {
    const Identity who = Identity::detect("tester", "");
    const Lease lease = Lease::acquire(connection, names_, who, {.wait = std::chrono::seconds(30)});
    const Statement statement{.text = text, .place = {"V001.sql", 1, 1}};
    const Transactionality traits{.kind = NonTransactional::batched};
    const Step step{"001", "up", 0, statement, traits};
    const auto entries = read_unfinished(connection, names_);
    const auto left = entries.empty() ? std::nullopt : std::optional(entries[0]);
    const BatchContext context{.connection = connection,
                               .connect = [this] { return connect(); },
                               .names = names_,
                               .who = who,
                               .fence = lease.fence(),
                               .turn = turn_,
                               .progress = {},
                               .say = [this](BatchRemark, const std::string& remark) { said_.push_back(remark); }};
    return run_batches(context, settings, step, left ? BatchChange{} : change_of(connection, text), left);
  }
  BatchOutcome run(const std::string& text, const BatchSettings& settings = {}) {
    return run_with(*connection_, text, settings);
  }

  virtual std::unique_ptr<Connection> connect() { return open(); }

  Error failure(const std::string& text, const BatchSettings& settings = {}) {
    try {
      run(text, settings);
    } catch (const Error& error) {
      return error;
    }
    return {ErrorKind::usage, "no error"};
  }

  /// A step that is done is forgotten, as a run does with its ledger row.
  void forget() { connection_->execute(journal_clear(names_, "001")); }

  testing::TestDatabase database_ = testing::fresh_database();
  HistoryNames names_ = HistoryNames::make({}, Dialect::postgres);
  std::unique_ptr<Connection> connection_;
  std::vector<std::string> said_;
  std::function<void()> turn_;
};

}  // namespace martlet
