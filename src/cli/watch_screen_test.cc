#include "cli/watch_screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "cli/terminal.h"

namespace martlet {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Running backfill() {
  Running running{.run_id = "1f", .holder = {.host = "db1", .actor = "ana", .pid = 7}};
  running.row.run_id = "1f";
  running.row.state = "running";
  running.row.age = Milliseconds(300);
  running.row.progress = {.migration = "V007",
                          .step = 3,
                          .steps = 12,
                          .doing = "V007__x.sql:12",
                          .units_done = 5000,
                          .units_total = 20000,
                          .unit = "rows",
                          .units_per_second = 500};
  return running;
}

std::string text_of(const WatchLook& look, std::size_t rows = 24, std::size_t columns = 100) {
  const Output plain{OutputOptions{}};
  return join(watch_screen(look, "p pause   q leave", rows, columns, plain), "\n");
}

TEST(WatchScreen, ShowsHowFarTheRunIs) {
  const std::string text = text_of({.where = "production (shop)", .time = "12:03:11", .run = backfill()});
  EXPECT_THAT(text, AllOf(HasSubstr("production (shop)"), HasSubstr("V007"), HasSubstr("3 of 12  V007__x.sql:12"),
                          HasSubstr("19 %"), HasSubstr("25 %"),
                          HasSubstr("5000 of about 20000 rows, 500 a second, 30.0 s left")));
}

TEST(WatchScreen, ShowsWhatItWaitsForWhoWaitsAndHowFarReplicasAre) {
  WatchLook look{.run = backfill()};
  look.run->row.state = "throttled";
  look.run->row.progress.reason = "replica_lag: standby1 is 12 s behind";
  look.locks = {{.pid = 4711, .user = "app", .application = "web", .query = "SELECT 1", .behind = 2},
                {.pid = 4712, .user = "app", .wants = "orders (AccessExclusiveLock)", .blockers = {4711}}};
  look.standbys = {{.name = "standby1", .bytes = 4096, .milliseconds = 12000}};
  EXPECT_THAT(text_of(look),
              AllOf(HasSubstr("throttled"), HasSubstr("standby1 is 12 s behind"), HasSubstr("2 wait for it"),
                    HasSubstr("└ 4712"), HasSubstr("standby1: 12.0 s behind, 4096 bytes")));
}

TEST(WatchScreen, SaysThatNobodyRunsAndWhyItCannotLook) {
  EXPECT_THAT(text_of({.last = "the last run was at V007"}), AllOf(HasSubstr("no run is at work"), HasSubstr("V007")));
  EXPECT_THAT(text_of({.trouble = "the server went away"}), HasSubstr("cannot look: the server went away"));
}

TEST(WatchScreen, FitsIntoEveryWindow) {
  WatchLook look{.where = "production", .run = backfill()};
  look.run->row.progress.reason = std::string(500, 'x') + "\n\033[31m";
  look.locks.assign(50, {.pid = 1, .query = std::string(300, 'y'), .wants = "orders (AccessExclusiveLock)"});
  const Output plain{OutputOptions{}};
  for (const std::size_t columns : {1U, 10U, 20U, 80U, 300U}) {
    for (const std::size_t rows : {1U, 5U, 24U, 100U}) {
      const auto lines = watch_screen(look, "p pause   q leave", rows, columns, plain);
      EXPECT_EQ(lines.size(), rows);
      for (const std::string& line : lines) {
        EXPECT_LE(display_width(line), std::max<std::size_t>(columns, 12)) << line;
        EXPECT_THAT(line, Not(HasSubstr("\033[31m")));
      }
    }
  }
}

TEST(WatchLine, TellsTheSameInOneLine) {
  EXPECT_EQ(watch_line({.run = backfill()}),
            "running  V007  statement 3 of 12 (V007__x.sql:12)  5000 of about 20000 rows, 500 a second, 30.0 s left");
  EXPECT_EQ(watch_line({}), "no run is at work on this database");
}

}  // namespace
}  // namespace martlet
