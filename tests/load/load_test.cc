// Obvious SQL on a table that an application reads and writes all the while: nobody fails, nobody queues behind
// martlet, every row is right, the schema is the one of the statement; whatever kills the run at whichever boundary, it
// goes on to there, or back to where it came from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>

#include "base/registry.h"
#include "recipe/recipe.h"
#include "sql/statement.h"
#include "tests/load/application.h"
#include "tests/load/load_case.h"
#include "tests/load/observer.h"
#include "tests/run/fault.h"
#include "tests/support/pgbouncer.h"

namespace martlet::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

bool is_soak() {
  return std::getenv("MARTLET_SOAK") != nullptr;
}

// lock_wait is 100 ms; a server on a loaded machine notices its timeouts late. Whoever waits for the long reader
// without a limit waits for as long as that holds its lock.
constexpr double kLongestWait = 2'000;

constexpr std::string_view kOrders =
    "CREATE TABLE orders (id bigint PRIMARY KEY, buyer int, code text, amount bigint NOT NULL DEFAULT 0);";

void run_sql(Connection& connection, const std::string& sql) {
  for (const Statement& each : split({sql, "case"}, Dialect::postgres)) connection.execute(each.text);
}

class UnderLoad : public ::testing::TestWithParam<LoadCase> {
 protected:
  static void SetUpTestSuite() {
    transactions_ = std::make_unique<PgBouncer>(cluster());
    sessions_ = std::make_unique<PgBouncer>(cluster(), PgBouncer::Options{.pool_mode = "session", .pool_size = 20});
  }
  static void TearDownTestSuite() {
    transactions_.reset();
    sessions_.reset();
  }

  void begin(std::int64_t rows) {
    prepare(database_, rows);
    before_ = schema(database_);
    after_ = as_the_statement_says();
    project_.write("V001__change.sql", GetParam().change + "-- martlet:down\nSELECT 1 / 0;\n");
    oracle_.emplace(rows);
    observer_.emplace(database_.url());
    start(old_code_, GetParam().before);
  }

  static void prepare(const TestDatabase& database, std::int64_t rows) {
    const LoadCase& one = GetParam();
    const auto connection = database.connect();
    run_sql(*connection,
            "CREATE TABLE buyers (id int PRIMARY KEY);\nINSERT INTO buyers SELECT generate_series(1, 100);");
    run_sql(*connection, one.table.empty() ? std::string(kOrders) : one.table);
    connection->execute(
        "INSERT INTO orders (id, buyer, code, amount) SELECT g, 1 + g % 100, 'c' || g, 0 FROM "
        "generate_series(1, $1::bigint) g",
        {std::to_string(rows)});
    run_sql(*connection, one.setup);
    connection->execute("ANALYZE");
  }
  static std::string schema(const TestDatabase& database) {
    return dump_schema(*database.connect(), database.url(), HistoryNames::make({}, Dialect::postgres));
  }
  std::string schema() const { return schema(database_); }
  // Without rows: some statements could not run on a table that has any.
  static std::string as_the_statement_says() {
    const TestDatabase plain = fresh_database();
    prepare(plain, 0);
    run_sql(*plain.connect(), GetParam().change);
    return schema(plain);
  }

  void start(std::optional<Application>& code, const Version& version) {
    const Url& url = database_.url();
    code.emplace(Ways{url, transactions_->url(url), sessions_->url(url)}, version, *oracle_);
  }
  void stop(std::optional<Application>& code) {
    if (!code) return;
    EXPECT_TRUE(eventually([&] { return code->statements() > 0 || !code->errors().empty(); }));
    code->stop();
    EXPECT_THAT(code->errors(), IsEmpty());
    code.reset();
  }
  const Application& running() const { return new_code_ ? *new_code_ : *old_code_; }
  void old_code_goes() {
    if (!GetParam().has_new_code) return;
    start(new_code_, GetParam().after);
    const std::int64_t before = old_code_->statements();
    EXPECT_TRUE(eventually([&] { return new_code_->statements() > 100 && old_code_->statements() > before + 100; }));
    stop(old_code_);
    run_sql(*database_.connect({.application_name = "a person"}), GetParam().fill);
  }

  Process begin_run(std::vector<std::string> arguments, const std::string& failpoint = "") const {
    return project_.start(database_.url(), std::move(arguments),
                          {{"MARTLET_MAX_BLOCK", "0ms"},
                           {"MARTLET_LOCK_DEADLINE", "5min"},
                           {"MARTLET_PHASES", "apart"},
                           {"MARTLET_FAILPOINT", failpoint}});
  }
  Finished run(std::vector<std::string> arguments, const std::string& failpoint = "") const {
    return begin_run(std::move(arguments), failpoint).wait();
  }
  void expect_done(std::vector<std::string> arguments) const {
    const Finished finished = run(std::move(arguments));
    EXPECT_EQ(finished.exit_code, 0) << finished;
  }
  // False where the run ends before it gets there.
  bool killed(std::vector<std::string> arguments, const std::string& failpoint) const {
    const Finished finished = run(std::move(arguments), failpoint);
    if (finished.signal == 0) EXPECT_EQ(finished.exit_code, 0) << failpoint << finished;
    return finished.signal == SIGKILL;
  }
  // A report that reads the table for as long as the first attempts last stands in the way of every strong lock.
  Finished run_behind_a_reader(std::vector<std::string> arguments, const std::string& failpoint) const {
    const auto reader = database_.connect();
    reader->execute("BEGIN");
    reader->execute("SELECT count(*) FROM " + (new_code_ ? GetParam().after : GetParam().before).table +
                    " WHERE id < 10");
    Process process = begin_run(std::move(arguments), failpoint);
    EXPECT_TRUE(
        eventually([&] { return process.err().find("waiting for") != std::string::npos || !process.running(); }));
    const std::int64_t before = running().statements();
    EXPECT_TRUE(eventually([&] { return running().statements() > before + 20; })) << "the application waits, too";
    reader->execute("COMMIT");
    return process.wait();
  }

  nlohmann::json plan() const {
    const Finished finished = run({"plan", "--json"});
    EXPECT_EQ(finished.exit_code, 0) << finished;
    return nlohmann::json::parse(finished.out).at("migrations").at(0);
  }
  bool waits_for(std::string_view phase) const {
    const auto migration = nlohmann::json::parse(run({"status", "--json"}).out).at("migrations").at(0);
    return migration.contains("phase") && migration.at("phase").is_object() &&
           migration.at("phase").at("next") == phase;
  }
  void expect_way_back(const std::string& from) const {
    EXPECT_EQ(schema(), before_) << from;
    EXPECT_EQ(database_.value("SELECT (SELECT count(*) FROM martlet.plan) + (SELECT count(*) FROM martlet.journal)"),
              "0")
        << from;
  }
  void end(const Version& version) {
    stop(old_code_);
    stop(new_code_);
    const Sightings seen = observer_->sightings();
    const auto connection = database_.connect();
    EXPECT_EQ(oracle_->wrong_rows(*connection, version), "");
    if (!GetParam().right.empty()) EXPECT_THAT(connection->execute(GetParam().right).rows, IsEmpty());
    EXPECT_GT(seen.looks, 0);
    EXPECT_LT(seen.longest_wait_ms, kLongestWait);
    EXPECT_EQ(seen.blocking_work, "");
  }

  static inline std::unique_ptr<PgBouncer> transactions_, sessions_;
  Project project_;
  TestDatabase database_ = fresh_database();
  std::string before_, after_;
  std::optional<Oracle> oracle_;
  std::optional<Observer> observer_;
  std::optional<Application> old_code_, new_code_;
};

// Killed at each boundary of each phase, and once in the middle of its batches; the first attempt meets a long reader.
class KilledUnderLoad : public UnderLoad {
 protected:
  void go_through(const std::vector<std::string>& phase, bool in_batches) {
    const Finished first = run_behind_a_reader(phase, in_batches ? "batch-after-commit:1" : "journal-after-done:1");
    if (first.signal == 0) {
      EXPECT_EQ(first.exit_code, 0) << first;
      return;
    }
    while (killed(phase, "journal-after-done:1")) {
    }
  }
};

TEST_P(KilledUnderLoad, GoesOnToTheEnd) {
  begin(is_soak() ? 1'000'000 : 100'000);
  const nlohmann::json planned = plan();
  std::set<std::string> recipes;
  bool in_batches = false;
  for (const auto& step : planned.at("steps")) {
    if (step.at("recipe").is_string()) recipes.insert(step.at("recipe"));
    in_batches = in_batches || step.at("batch");
  }
  EXPECT_THAT(recipes, IsSupersetOf(GetParam().recipes)) << planned.dump(2);

  go_through({"up"}, in_batches);
  if (waits_for("contract")) {
    old_code_goes();
    go_through({"contract"}, false);
  }
  if (waits_for("finish")) go_through({"finish", "--now"}, false);
  EXPECT_EQ(schema(), after_);
  end(GetParam().after);
}

class TakenBackUnderLoad : public UnderLoad {
 protected:
  // From each boundary that a run passes on its way; true once it passes all.
  bool take_back_from(int boundary, const std::string& name) {
    const std::string where = name + ":" + std::to_string(boundary);
    if (!killed({"up"}, where)) return true;
    expect_done({"resume", "--undo"});
    expect_way_back(where);
    return HasFailure();
  }
  // From where contract is killed, or from where it ends.
  bool take_back_contract_from(int boundary) {
    old_code_goes();
    const std::string where = "journal-after-done:" + std::to_string(boundary);
    const bool was_killed = killed({"contract"}, where);
    if (!was_killed && !waits_for("finish")) return true;
    if (new_code_) stop(new_code_);
    expect_done(was_killed ? std::vector<std::string>{"resume", "--undo"} : std::vector<std::string>{"down"});
    expect_way_back("contract " + where);
    if (GetParam().has_new_code) start(old_code_, GetParam().before);
    return !was_killed || HasFailure();
  }
};

TEST_P(TakenBackUnderLoad, FromEveryBoundary) {
  begin(is_soak() ? 200'000 : 20'000);
  take_back_from(1, "step-after-statement");
  int boundary = 1;
  while (!take_back_from(boundary, "journal-after-done")) ++boundary;
  const bool in_phases = waits_for("contract") || waits_for("finish");
  if (in_phases && !HasFailure()) {
    expect_done({"down"});
    expect_way_back("expanded");
    bool is_through = false;
    for (boundary = 1; !is_through; ++boundary) {
      expect_done({"up"});
      is_through = take_back_contract_from(boundary);
    }
  }
  end(new_code_ ? GetParam().after : GetParam().before);
}

// The observer is worth something: it sees the statement itself queue, with the application behind it.
TEST(Observer, SeesWhoQueuesWithoutALimit) {
  const TestDatabase database = fresh_database();
  database.query("CREATE TABLE orders (id bigint PRIMARY KEY, buyer int, code text, amount bigint)");
  database.query("INSERT INTO orders SELECT g, 1, '', 0 FROM generate_series(1, 10) g");
  const auto reader = database.connect();
  reader->execute("BEGIN");
  reader->execute("SELECT count(*) FROM orders");
  Observer observer(database.url());
  Oracle oracle(10);
  Application application({database.url(), database.url(), database.url()}, {}, oracle);
  std::thread naive([&] {
    const auto connection = database.connect({.application_name = "martlet-naive"});
    connection->execute("ALTER TABLE orders ALTER COLUMN buyer SET NOT NULL");
  });
  EXPECT_TRUE(eventually([&] { return observer.longest_wait_ms() > kLongestWait; }));
  reader->execute("COMMIT");
  naive.join();
}

// The application is worth something: it sees a change that was lost, and one that was made behind its back.
TEST(Application, SeesALostChange) {
  const TestDatabase database = fresh_database();
  database.query("CREATE TABLE orders (id bigint PRIMARY KEY, buyer int, code text, amount bigint)");
  database.query("INSERT INTO orders SELECT g, 1, '', 0 FROM generate_series(1, 10) g");
  Oracle oracle(10);
  EXPECT_EQ(oracle.wrong_rows(*database.connect(), {}), "");
  database.query("UPDATE orders SET amount = 5 WHERE id = 3");
  EXPECT_EQ(oracle.wrong_rows(*database.connect(), {}), "3: 5 not 0; ");
  database.query("DELETE FROM orders WHERE id = 4");
  EXPECT_EQ(oracle.wrong_rows(*database.connect(), {}), "3: 5 not 0; 4: gone not 0; ");
  Application application({database.url(), database.url(), database.url()}, {}, oracle);
  EXPECT_TRUE(eventually([&] { return !application.errors().empty(); }));
}

// What martlet plans by itself; a shadow column waits for its engine.
TEST(LoadCases, HaveEveryRecipeThatAPlanTakes) {
  std::set<std::string_view> tested;
  const std::vector<LoadCase> cases = all_load_cases();
  for (const LoadCase& one : cases) tested.insert(one.recipes.begin(), one.recipes.end());
  for (const Recipe* each : Registry<Recipe>::all()) {
    const bool is_planned =
        each->use == Recipe::Use::planned && (each->tier == Tier::in_place || each->tier == Tier::expand_contract);
    EXPECT_TRUE(!is_planned || tested.contains(each->id)) << each->id << " has no case in tests/load/cases";
  }
}

std::vector<LoadCase> with_a_way_back() {
  std::vector<LoadCase> cases = all_load_cases();
  std::erase_if(cases, [](const LoadCase& each) { return each.one_way; });
  return cases;
}

constexpr auto kName = [](const auto& info) { return info.param.name; };

INSTANTIATE_TEST_SUITE_P(Of, KilledUnderLoad, ::testing::ValuesIn(all_load_cases()), kName);
INSTANTIATE_TEST_SUITE_P(Of, TakenBackUnderLoad, ::testing::ValuesIn(with_a_way_back()), kName);

}  // namespace
}  // namespace martlet::testing
