// Figures as Prometheus gets them: from files, from the command, over HTTP.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "base/error.h"
#include "net/http.h"
#include "net/loopback_server.h"
#include "tests/support/cluster.h"
#include "tests/support/errors.h"
#include "tests/support/folder.h"
#include "tests/support/martlet.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Metrics : public ::testing::Test {
 protected:
  Metrics() {
    folder_.write("martlet.toml", "url = \"sqlite:shop.db\"\n[metrics]\ntextfile = \"martlet.prom\"\n");
    folder_.write("migrations/V001__orders.sql",
                  "CREATE TABLE orders (id int);\n-- martlet:down\nDROP TABLE orders;\n");
  }
  Finished run(std::vector<std::string> arguments, Environment environment = {}) const {
    return martlet(std::move(arguments), std::move(environment), folder_.path());
  }

  const TemporaryFolder folder_;
};

TEST_F(Metrics, EveryRunLeavesItsFigures) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  EXPECT_THAT(folder_.read("martlet.prom"),
              AllOf(HasSubstr("# TYPE martlet_runs_total counter\n"), HasSubstr("martlet_last_run_success{"),
                    HasSubstr("command=\"up\",result=\"succeeded\"} 1\n"), HasSubstr("direction=\"up\"} 1\n")));
  ASSERT_EQ(run({"down", "--yes"}).exit_code, 0);
  ASSERT_EQ(run({"up"}).exit_code, 0);
  ASSERT_EQ(run({"up"}).exit_code, 0) << "nothing to do is no run";
  folder_.write("migrations/V002__broken.sql", "INSERT INTO nowhere VALUES (1);\n");
  ASSERT_EQ(run({"up"}).exit_code, 1);
  const std::string text = folder_.read("martlet.prom");
  EXPECT_THAT(text, AllOf(HasSubstr("command=\"up\",result=\"succeeded\"} 2\n"), HasSubstr("command=\"down\""),
                          HasSubstr("command=\"up\",result=\"failed\"} 1\n"), HasSubstr("direction=\"down\"} 1\n")));
  EXPECT_THAT(text, ::testing::ContainsRegex("martlet_last_run_success\\{[^}]*\\} 0\n"));
}

TEST_F(Metrics, AFileThatCannotBeWrittenIsAWarning) {
  const Finished up = run({"up"}, {{"MARTLET_METRICS_TEXTFILE", "nowhere/martlet.prom"}});
  EXPECT_EQ(up.exit_code, 0);
  EXPECT_THAT(up.err, AllOf(HasSubstr("no metrics"), HasSubstr("nowhere/martlet.prom")));
}

TEST_F(Metrics, TheDatabaseTellsWhatIsAppliedAndPending) {
  const TestDatabase database = fresh_database();
  const Environment there{{"MARTLET_URL", database.text()}};
  EXPECT_THAT(run({"metrics"}, there).out,
              AllOf(HasSubstr("martlet_up{"), ::testing::ContainsRegex("martlet_migrations_pending\\{[^}]*\\} 1\n")));
  ASSERT_EQ(run({"up"}, there).exit_code, 0);
  folder_.write("migrations/V002__lines.sql", "CREATE TABLE lines (id int);\n");
  const std::string text = run({"metrics"}, there).out;
  const std::string labels = fmt::format("{{environment=\"\",database=\"{}\"}}", database.name());
  EXPECT_THAT(
      text, AllOf(HasSubstr("martlet_up" + labels + " 1\n"), HasSubstr("martlet_migrations_applied" + labels + " 1\n"),
                  HasSubstr("martlet_migrations_pending" + labels + " 1\n"),
                  HasSubstr("martlet_run_active" + labels + " 0\n"), HasSubstr(",event=\"applied\"} 1\n"),
                  HasSubstr("martlet_last_applied_timestamp_seconds" + labels)));
  EXPECT_EQ(run({"metrics", "--output", "db.prom"}, there).exit_code, 0);
  EXPECT_THAT(folder_.read("db.prom"), HasSubstr("martlet_up"));
}

TEST_F(Metrics, ARunThatIsAtWorkIsSeen) {
  const TestDatabase database = fresh_database();
  database.query("CREATE TABLE gate (what text)");
  folder_.write("migrations/V001__orders.sql",
                "DO $$ BEGIN WHILE NOT EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.02); END LOOP; END $$;\n");
  const Environment there{{"MARTLET_URL", database.text()}};
  Process up(martlet_command({"up"}, there, folder_.path()));
  EXPECT_TRUE(eventually([&] {
    const std::string text = run({"metrics"}, there).out;
    return text.find("martlet_run_state") != std::string::npos && text.find("state=\"running\"") != std::string::npos;
  })) << up.err();
  EXPECT_THAT(run({"metrics"}, there).out, ::testing::ContainsRegex("martlet_run_active\\{[^}]*\\} 1\n"));
  database.query("INSERT INTO gate VALUES ('go')");
  EXPECT_EQ(up.wait().exit_code, 0);
}

TEST_F(Metrics, ADatabaseThatDoesNotAnswerIsAFigureToo) {
  const Finished shown = run({"metrics"}, {{"MARTLET_URL", "postgres://127.0.0.1:1/shop"}});
  EXPECT_EQ(shown.exit_code, 0) << shown;
  EXPECT_THAT(shown.out, HasSubstr("martlet_up{environment=\"\",database=\"shop\"} 0\n"));
}

TEST_F(Metrics, AreServedOnLoopbackUntilCtrlC) {
  ASSERT_EQ(run({"up"}).exit_code, 0);
  Process server(martlet_command({"metrics", "serve", "--listen", "127.0.0.1:0"}, {}, folder_.path()));
  ASSERT_TRUE(eventually([&] { return server.out().find("/metrics") != std::string::npos; })) << server.err();
  const std::string out = server.out();
  const std::string url = out.substr(out.find("http"), out.find('\n') - out.find("http"));
  const HttpResponse answer = send_http({.url = url});
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.headers.at("content-type"), HasSubstr("version=0.0.4"));
  EXPECT_THAT(answer.body, HasSubstr("martlet_migrations_applied"));
  EXPECT_EQ(send_http({.url = url.substr(0, url.rfind('/')) + "/other"}).status, 404);
  EXPECT_EQ(send_http({.method = "POST", .url = url, .body = "x"}).status, 404);
  server.signal(SIGINT);
  EXPECT_EQ(server.wait().exit_code, 0);
}

TEST(LoopbackServer, ListensForThisMachineOnly) {
  for (const std::string_view bad : {"0.0.0.0:9187", "192.168.1.1:9187", "[::]:9187", "example.com:80", "9187",
                                     "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:-1", ""}) {
    EXPECT_EQ(error_of([&] { LoopbackServer server(bad); }).kind, ErrorKind::usage) << bad;
  }
  const LoopbackServer first("127.0.0.1:0");
  const std::string taken = first.url().substr(7);
  EXPECT_THAT(error_of([&] { LoopbackServer second(taken); }).message, HasSubstr("in use"));
}

}  // namespace
}  // namespace martlet::testing
