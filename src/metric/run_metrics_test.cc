#include "metric/run_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace martlet {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

const RunFigures::Time kStart = RunFigures::Time() + seconds(1000);

RunFigures after(const std::vector<std::pair<int, Event>>& events) {
  RunFigures figures;
  for (const auto& [second, event] : events) figures.note(event, kStart + seconds(second));
  return figures;
}

TEST(RunFigures, AreOfTheRun) {
  const RunFigures figures = after({{0, {.kind = EventKind::run_started}},
                                    {1, {.kind = EventKind::migration_finished, .text = "up"}},
                                    {2, {.kind = EventKind::migration_finished, .text = "down"}},
                                    {7, {.kind = EventKind::run_finished}}});
  EXPECT_EQ(figures.outcome(), RunFigures::Outcome::succeeded);
  EXPECT_EQ(figures.seconds(), 7);
  EXPECT_EQ(figures.up(), 1);
  EXPECT_EQ(figures.down(), 1);
}

TEST(RunFigures, AWaitLastsUntilSomethingIsDone) {
  const RunFigures figures = after({{0, {.kind = EventKind::run_started}},
                                    {1, {.kind = EventKind::waiting_for_lock}},
                                    {2, {.kind = EventKind::retrying}},
                                    {4, {.kind = EventKind::statement_finished}},
                                    {5, {.kind = EventKind::retrying}},
                                    {6, {.kind = EventKind::migration_failed}}});
  EXPECT_EQ(figures.lock_wait(), 4);
  EXPECT_EQ(figures.outcome(), RunFigures::Outcome::failed);
}

TEST(RunFigures, RowsAreCountedByStatement) {
  const RunFigures figures = after({{0, {.kind = EventKind::statement_started}},
                                    {1, {.kind = EventKind::statement_progress, .done = 100}},
                                    {2, {.kind = EventKind::statement_progress, .done = 250}},
                                    {3, {.kind = EventKind::statement_started}},
                                    {4, {.kind = EventKind::statement_progress, .done = 10}}});
  EXPECT_EQ(figures.batch_rows(), 260);
  EXPECT_EQ(figures.outcome(), RunFigures::Outcome::none);
}

TEST(Textfile, CountersGoOnAndGaugesAreOfTheLastRun) {
  const RunFigures good = after({{0, {.kind = EventKind::run_started}},
                                 {1, {.kind = EventKind::migration_finished, .text = "up"}},
                                 {2, {.kind = EventKind::run_finished}}});
  const RunFigures bad = after({{0, {.kind = EventKind::run_started}}, {3, {.kind = EventKind::migration_failed}}});
  const MetricOrigin shop{"production", "shop", "up"}, other{"production", "other", "up"};
  std::string text = textfile_after("", good, shop, 1796052896);
  text = textfile_after(text, good, other, 1796052900);
  text = textfile_after(text, good, shop, 1796052910);
  text = textfile_after(text, bad, shop, 1796052920);
  for (const std::string_view line :
       {"martlet_runs_total{environment=\"production\",database=\"shop\",command=\"up\",result=\"succeeded\"} 2\n",
        "martlet_runs_total{environment=\"production\",database=\"shop\",command=\"up\",result=\"failed\"} 1\n",
        "martlet_runs_total{environment=\"production\",database=\"other\",command=\"up\",result=\"succeeded\"} 1\n",
        "martlet_migrations_total{environment=\"production\",database=\"shop\",direction=\"up\"} 2\n",
        "martlet_run_seconds_total{environment=\"production\",database=\"shop\"} 7\n",
        "martlet_last_run_success{environment=\"production\",database=\"shop\"} 0\n",
        "martlet_last_run_duration_seconds{environment=\"production\",database=\"shop\"} 3\n",
        "martlet_last_run_timestamp_seconds{environment=\"production\",database=\"shop\"} 1796052920\n",
        "martlet_last_success_timestamp_seconds{environment=\"production\",database=\"shop\"} 1796052910\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

}  // namespace
}  // namespace martlet
