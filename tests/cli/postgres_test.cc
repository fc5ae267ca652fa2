// Commands that need a PostgreSQL server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "tests/support/cluster.h"
#include "tests/support/folder.h"
#include "tests/support/martlet.h"
#include "tests/support/process.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

TEST(DbCommand, CreatesAndDrops) {
  const TestDatabase beside = fresh_database();
  const std::string url = beside.url().with_database(beside.name() + "_made").text();
  EXPECT_EQ(martlet({"db", "create", "--url", url}).exit_code, 0);
  EXPECT_EQ(martlet({"wait", "--url", url}).exit_code, 0);
  EXPECT_EQ(martlet({"db", "create", "--url", url}).exit_code, 0) << "it is there already, which is what was wanted";
  EXPECT_EQ(martlet({"db", "reset", "--url", url, "--yes"}).exit_code, 0);
  EXPECT_EQ(martlet({"db", "drop", "--url", url, "--yes"}).exit_code, 0);
  EXPECT_EQ(martlet({"wait", "--url", url, "--timeout", "1ms"}).exit_code, 8);
}

TEST(WaitCommand, WaitsForAVersion) {
  const TestDatabase database = fresh_database();
  const Finished done = martlet({"wait", "--url", database.text(), "--version", "V001", "--timeout", "1ms"});
  EXPECT_EQ(done.exit_code, 8) << done;
  EXPECT_THAT(done.err, HasSubstr("version V001 is not applied"));
}

TEST(ShellCommand, IsPsqlOnTheDatabase) {
  const TestDatabase database = fresh_database();
  Command shell = martlet_command({"db", "shell", "--url", database.text()});
  shell.input = "SELECT 'in ' || current_database();\n";
  const Finished done = run(shell);
  EXPECT_EQ(done.exit_code, 0) << done;
  EXPECT_THAT(done.out, HasSubstr("in " + database.name()));
}

TEST(LocksCommand, ShowsWhoBlocksWhomAndEndsASession) {
  const TestDatabase database = fresh_database();
  database.query("CREATE TABLE busy (x int)");
  EXPECT_THAT(martlet({"locks", "--url", database.text()}).out, HasSubstr("nobody waits"));

  const auto holder = database.connect({.application_name = "the holder"});
  holder->execute("BEGIN");
  holder->execute("LOCK TABLE busy IN ACCESS EXCLUSIVE MODE");
  Command waiting{.arguments = {"psql", "-X", "-d", database.text(), "-c", "SELECT count(*) FROM busy"}};
  Process waiter(waiting);
  ASSERT_TRUE(eventually(
      [&] { return database.value("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'") == "1"; }));

  const Json json = Json::parse(martlet({"locks", "--json", "--url", database.text()}).out);
  ASSERT_EQ(json["sessions"].size(), 2U) << json;
  EXPECT_EQ(json["sessions"][0]["application"], "the holder");
  EXPECT_EQ(json["sessions"][0]["pid"], holder->backend_pid());
  EXPECT_EQ(json["sessions"][1]["blocked_by"][0], holder->backend_pid());
  EXPECT_EQ(json["sessions"][1]["waits_for"], "busy (AccessShareLock)");
  EXPECT_THAT(martlet({"locks", "--url", database.text()}).out, HasSubstr("└ "));

  const std::string pid = std::to_string(holder->backend_pid());
  EXPECT_EQ(martlet({"locks", "--kill", pid, "--url", database.text()}).exit_code, 9);
  EXPECT_EQ(martlet({"locks", "--kill", pid, "--yes", "--url", database.text()}).exit_code, 0);
  EXPECT_EQ(waiter.wait().exit_code, 0);
  EXPECT_EQ(martlet({"locks", "--kill", "1", "--yes", "--url", database.text()}).exit_code, 2);
}

// Two queues; the younger session has the longer one behind it, and so stands first.
TEST(LocksCommand, WatchesAndShowsFirstWhoMostWaitFor) {
  const TestDatabase database = fresh_database();
  database.query("CREATE TABLE calm (x int)");
  database.query("CREATE TABLE busy (x int)");
  Process watch(martlet_command({"locks", "--watch", "--json", "--url", database.text()}));
  const auto last = [&] {
    const std::string out = watch.out();
    const auto end = out.rfind('\n');
    if (end == std::string::npos) return Json::object();
    const auto begin = out.rfind('\n', end - 1);
    return Json::parse(out.substr(begin == std::string::npos ? 0 : begin + 1, end));
  };
  ASSERT_TRUE(eventually([&] { return last().value("sessions", Json()).is_array(); })) << watch.err();

  std::vector<std::unique_ptr<Connection>> holders;
  std::vector<Process> waiters;
  for (const std::string table : {"calm", "busy"}) {
    holders.push_back(database.connect({.application_name = "holds " + table}));
    holders.back()->execute("BEGIN");
    holders.back()->execute("LOCK TABLE " + table);
    for (int i = 0; i < (table == "busy" ? 2 : 1); ++i) {
      waiters.emplace_back(Command{.arguments = {"psql", "-X", "-d", database.text(), "-c", "TABLE " + table}});
    }
  }
  ASSERT_TRUE(eventually([&] { return last().at("sessions").size() == 5; })) << watch.out();
  EXPECT_EQ(last()["sessions"][0]["application"], "holds busy");
  EXPECT_EQ(last()["sessions"][0]["behind"], 2);
  EXPECT_EQ(last()["sessions"][1]["application"], "holds calm");
  for (const auto& holder : holders) holder->execute("COMMIT");
  ASSERT_TRUE(eventually([&] { return last().at("sessions").empty(); })) << watch.out();
  watch.signal(SIGINT);
  EXPECT_EQ(watch.wait().exit_code, 0);
}

}  // namespace
}  // namespace martlet::testing
