// `martlet watch` on a terminal, and without one.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tests/run/fault.h"
#include "tests/support/terminal.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kEnter = "\033[?1049h\033[?25l";
constexpr std::string_view kLeave = "\033[?25h\033[?1049l";

class Watch : public ::testing::Test {
 protected:
  void SetUp() override {
    project_.write("V001__log.sql", "CREATE TABLE log (what text);\nCREATE TABLE gate (what text);\n");
    ASSERT_EQ(project_.run(database_.url(), {"up"}).exit_code, 0);
    project_.write("V002__slow.sql",
                   "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.02); END LOOP; END $$;\n"
                   "INSERT INTO log VALUES ('2');\n");
    project_.write("V003__last.sql", "INSERT INTO log VALUES ('3');\n");
  }
  Process started() const {
    Process run = project_.start(database_.url(), {"up"});
    EXPECT_TRUE(eventually([&] {
      return database_.value("SELECT count(*) FROM martlet.control WHERE migration = 'V002'") == "1";
    })) << run.err();
    return run;
  }
  void go() const { database_.query("INSERT INTO gate VALUES ('go')"); }
  OnTerminal watching(unsigned short rows = 24, unsigned short columns = 100) const {
    return OnTerminal(project_.command(database_.url(), {"watch"}), rows, columns);
  }
  static bool shows(OnTerminal& screen, const std::string& text) {
    return eventually([&] { return screen.picture().find(text) != std::string::npos; });
  }
  std::string log() const { return database_.value("SELECT string_agg(what, ' ' ORDER BY what) FROM log"); }

  Project project_;
  TestDatabase database_ = fresh_database();
};

TEST_F(Watch, ShowsTheRunAndLeavesTheTerminalAsItWas) {
  Process run = started();
  OnTerminal screen = watching();
  EXPECT_TRUE(shows(screen, "V002")) << screen.written();
  EXPECT_TRUE(screen.is_raw());
  EXPECT_THAT(screen.written(), StartsWith(std::string(kEnter)));
  EXPECT_THAT(screen.picture(), AllOf(HasSubstr("running"), HasSubstr("of 2"), HasSubstr("q leave")));
  screen.type("q");
  EXPECT_EQ(screen.wait(), 0);
  EXPECT_FALSE(screen.is_raw());
  EXPECT_THAT(screen.written(), EndsWith(std::string(kLeave)));
  EXPECT_TRUE(run.running()) << "who watches does not end it";
  go();
  EXPECT_EQ(run.wait().exit_code, 0);
}

TEST_F(Watch, SteersTheRunAndAsksFirst) {
  Process run = started();
  OnTerminal screen = watching();
  ASSERT_TRUE(shows(screen, "V002"));
  screen.type("p");
  EXPECT_TRUE(shows(screen, "pause it before"));
  screen.type("x");
  EXPECT_TRUE(shows(screen, "q leave"));
  EXPECT_EQ(database_.value("SELECT coalesce(wish, '') FROM martlet.control"), "") << "it was not wished";
  screen.type("p");
  EXPECT_TRUE(shows(screen, "pause it before"));
  screen.type("y");
  EXPECT_TRUE(shows(screen, "pause by"));
  go();
  EXPECT_TRUE(shows(screen, "paused")) << screen.picture();
  screen.type("a");
  EXPECT_TRUE(shows(screen, "end it?"));
  screen.type("y");
  EXPECT_EQ(run.wait().exit_code, 1);
  EXPECT_EQ(log(), "2");
  EXPECT_TRUE(shows(screen, "no run is at work"));
  screen.type("a");
  EXPECT_FALSE(screen.picture().find("end it?") != std::string::npos) << "there is none to end";
}

TEST_F(Watch, ResumesARun) {
  Process run = started();
  OnTerminal screen = watching();
  ASSERT_TRUE(shows(screen, "V002"));
  screen.type("py");
  EXPECT_TRUE(shows(screen, "pause by"));
  go();
  EXPECT_TRUE(shows(screen, "paused"));
  screen.type("r");
  EXPECT_EQ(run.wait().exit_code, 0);
  EXPECT_EQ(log(), "2 3");
}

TEST_F(Watch, SignalsRestoreTheTerminal) {
  for (const int number : {SIGINT, SIGTERM}) {
    OnTerminal screen = watching();
    EXPECT_TRUE(shows(screen, "no run is at work"));
    screen.signal(number);
    EXPECT_EQ(screen.wait(), 0) << number;
    EXPECT_THAT(screen.written(), EndsWith(std::string(kLeave))) << number;
    EXPECT_FALSE(screen.is_raw());
  }
}

TEST_F(Watch, FollowsTheSizeOfTheWindow) {
  OnTerminal screen = watching(24, 100);
  EXPECT_TRUE(shows(screen, "(the run goes on)"));
  screen.resize(6, 30);
  EXPECT_TRUE(eventually([&] {
    const std::string picture = screen.picture();
    return picture.find("\033[J") != std::string::npos && std::count(picture.begin(), picture.end(), '\n') == 5 &&
           picture.find("(the run goes on)") == std::string::npos;
  })) << screen.picture();
}

TEST_F(Watch, WithoutATerminalItPrintsLinesUntilTheRunIsOver) {
  Process run = started();
  Process watch = project_.start(database_.url(), {"watch"});
  EXPECT_TRUE(eventually([&] { return watch.out().find("V002") != std::string::npos; })) << watch.err();
  go();
  EXPECT_EQ(run.wait().exit_code, 0);
  const Finished finished = watch.wait();
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("of 2"), EndsWith("no run is at work on this database\n"), Not(HasSubstr("\033"))));
}

TEST_F(Watch, WithoutATerminalItWaitsForARunAndEndsWithItsReader) {
  Process waiting = project_.start(database_.url(), {"watch"});
  EXPECT_TRUE(eventually([&] { return waiting.out().find("waiting for one") != std::string::npos; })) << waiting.err();
  Process run = started();
  Process piped(Command{.arguments = {"sh", "-c", MARTLET_PROGRAM " watch | head -1"},
                        .environment = {{"DATABASE_URL", database_.text()}}});
  EXPECT_TRUE(eventually([&] { return piped.out().find('\n') != std::string::npos; }));
  EXPECT_TRUE(eventually([&] { return waiting.out().find("V002") != std::string::npos; }));
  go();
  EXPECT_EQ(run.wait().exit_code, 0);
  EXPECT_THAT(waiting.wait().out, HasSubstr("V002"));
  EXPECT_EQ(piped.wait().exit_code, 0);
}

TEST_F(Watch, WithJsonItPrintsAnObjectForEachChange) {
  Process run = started();
  Process watch = project_.start(database_.url(), {"watch", "--json"});
  EXPECT_TRUE(eventually([&] { return watch.out().find("V002") != std::string::npos; }));
  go();
  EXPECT_EQ(run.wait().exit_code, 0);
  const auto lines = split_lines(watch.wait().out);
  ASSERT_GE(lines.size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(lines[0]).at("run").at("migration"), "V002");
  EXPECT_TRUE(nlohmann::json::parse(lines.back()).at("run").is_null());
}

TEST_F(Watch, ADatabaseThatCannotBeReachedIsAnError) {
  const Finished failed = martlet({"watch"}, {{"DATABASE_URL", "postgres://127.0.0.1:1/x"}});
  EXPECT_EQ(failed.exit_code, 8) << failed;
}

}  // namespace
}  // namespace martlet::testing
