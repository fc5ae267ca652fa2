// Several runs on one database at the same time: exactly one works.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;

constexpr int kRunners = 8;

class Concurrency : public ::testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    project_.write("V001__log.sql", "CREATE TABLE log (what text);\nINSERT INTO log VALUES ('1');\n");
    for (int i = 2; i <= 12; ++i) {
      const std::string number = std::to_string(i);
      const std::string header = i % 5 == 0 ? "-- martlet:no-transaction\n" : "";
      project_.write(
          fmt::format("V{:03}__t.sql", i),
          header + "CREATE TABLE t" + number + " (id integer);\nINSERT INTO log VALUES ('" + number + "');\n");
    }
  }

  // An undisturbed run of the same folder on a database of its own.
  std::string undisturbed() const {
    const FaultDatabase calm(GetParam());
    const Finished finished = project_.run(calm.url(), {"up"});
    EXPECT_EQ(finished.exit_code, 0) << finished;
    return end_state(calm.url());
  }

  std::vector<Process> start_all(const FaultDatabase& database, const std::vector<std::string>& arguments) const {
    std::vector<Process> runners;
    for (int i = 0; i < kRunners; ++i) runners.push_back(project_.start(database.url(), arguments));
    return runners;
  }

  Project project_;
};

TEST_P(Concurrency, WithoutWaitingOneWorksAndTheOthersLeaveNamingIt) {
  const std::string expected = undisturbed();
  // Whoever has the lease stays at work until the test lets it go on.
  const auto gate = project_.folder() / "go";
  project_.folder().write("martlet.toml", "[hooks]\nbefore = 'while [ ! -e go ]; do sleep 0.02; done'\n");
  const FaultDatabase database(GetParam());
  std::vector<Process> runners = start_all(database, {"up"});
  const auto at_work = [&] {
    return std::count_if(runners.begin(), runners.end(), [](Process& runner) { return runner.running(); });
  };
  ASSERT_TRUE(eventually([&] { return at_work() == 1; }, std::chrono::seconds(60))) << at_work();
  const auto worker = std::find_if(runners.begin(), runners.end(), [](Process& runner) { return runner.running(); });
  const std::string pid = std::to_string(worker->pid());
  for (Process& runner : runners) {
    if (runner.running()) continue;
    const Finished finished = runner.wait();
    EXPECT_EQ(finished.exit_code, 5) << finished;
    EXPECT_THAT(finished.err, HasSubstr("another martlet run holds the lease"));
    EXPECT_THAT(finished.err, HasSubstr("(pid " + pid + ", martlet/"));
    EXPECT_THAT(finished.err, HasSubstr("--wait-lease"));
  }
  project_.folder().write("go", "");
  const Finished finished = worker->wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_EQ(end_state(database.url()), expected);
}

TEST_P(Concurrency, WithWaitingOneWorksAndTheOthersFindItDone) {
  const std::string expected = undisturbed();
  const FaultDatabase database(GetParam());
  std::vector<Process> runners = start_all(database, {"up", "--wait-lease", "100s"});
  int worked = 0;
  for (Process& runner : runners) {
    const Finished finished = runner.wait();
    EXPECT_EQ(finished.exit_code, 0) << finished;
    const bool nothing_to_do = finished.out.find("nothing to do") != std::string::npos;
    if (!nothing_to_do) ++worked;
  }
  EXPECT_EQ(worked, 1);
  EXPECT_EQ(end_state(database.url()), expected);
}

TEST_P(Concurrency, AWaitingRunNamesTheHolderAndGivesUpInTime) {
  project_.folder().write("martlet.toml", "[hooks]\nbefore = 'while [ ! -e go ]; do sleep 0.02; done'\n");
  const FaultDatabase database(GetParam());
  Process first = project_.start(database.url(), {"up"});
  const HistoryNames names = HistoryNames::make({}, GetParam());
  ASSERT_TRUE(eventually([&] {
    const auto connection = database.connect();
    return Ledger::read(*connection, names).exists() && read_lease(*connection, names);
  }));
  const std::string holder = "(pid " + std::to_string(first.pid()) + ", martlet/";
  Process second = project_.start(database.url(), {"up", "--wait-lease", "100s"});
  EXPECT_TRUE(eventually([&] { return second.err().find(holder) != std::string::npos; })) << second.err();
  EXPECT_THAT(second.err(), HasSubstr("another run is at work, waiting: "));

  const Finished third = project_.run(database.url(), {"up", "--wait-lease", "300ms"});
  EXPECT_EQ(third.exit_code, 5) << third;
  EXPECT_THAT(third.err, HasSubstr("(waited 300 ms)"));
  EXPECT_THAT(third.err, HasSubstr(holder));

  project_.folder().write("go", "");
  EXPECT_EQ(first.wait().exit_code, 0);
  const Finished finished = second.wait();
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out, HasSubstr("nothing to do"));
}

// A second run meets the first in the middle of its work, again and again: both together do everything once.
TEST_P(Concurrency, RunsThatTakeTurnsDoEverythingOnce) {
  const std::string expected = undisturbed();
  const FaultDatabase database(GetParam());
  std::vector<Process> runners;
  for (int steps = 1; steps <= 6; ++steps) {
    runners.push_back(project_.start(database.url(), {"up", "--steps", std::to_string(steps), "--wait-lease", "100s"}));
  }
  for (Process& runner : runners) {
    const Finished finished = runner.wait();
    EXPECT_EQ(finished.exit_code, 0) << finished;
  }
  EXPECT_EQ(end_state(database.url()), expected);
}

INSTANTIATE_TEST_SUITE_P(BothKinds, Concurrency, ::testing::Values(Dialect::postgres, Dialect::sqlite),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace martlet::testing
