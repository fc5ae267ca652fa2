// Alerts around real runs: when they come, what a receiver in trouble means for the run, and bad configuration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/text.h"
#include "tests/alert/project.h"
#include "tests/support/cluster.h"

namespace martlet::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

const std::string kFileSink = sink("log", "file", "path = \"alerts.jsonl\"");

std::vector<json> alerts_of(const AlertProject& project) {
  std::vector<json> alerts;
  if (!std::filesystem::exists(project.folder() / "alerts.jsonl")) return alerts;
  for (const std::string& line : split_lines(project.folder().read("alerts.jsonl"))) {
    alerts.push_back(json::parse(line));
  }
  return alerts;
}

std::vector<std::string> triggers_of(const AlertProject& project) {
  std::vector<std::string> triggers;
  for (const json& alert : alerts_of(project)) triggers.push_back(alert.at("trigger"));
  return triggers;
}

std::string webhook(const Receiver& receiver, std::string_view path) {
  return sink("ops", "webhook", fmt::format("url = \"{}\"", receiver.url(path)));
}

// A run that stands before its first migration until a file "go" is there.
constexpr std::string_view kUntilGo = "[hooks]\nbefore = \"while [ ! -e go ]; do sleep 0.02; done\"\n";

TEST(Alerts, WhatWentWrongIsToldWithoutAnyRule) {
  const AlertProject project(kFileSink);
  EXPECT_EQ(project.run({"up"}).exit_code, 0);
  EXPECT_THAT(triggers_of(project), IsEmpty());
  project.break_migration();
  EXPECT_EQ(project.run({"up"}).exit_code, 1);
  EXPECT_THAT(triggers_of(project), ElementsAre("failed"));
}

TEST(Alerts, NothingToDoIsNotTold) {
  const AlertProject project(kFileSink + "[[alert]]\non = [\"started\", \"succeeded\"]\n");
  project.run({"up"});
  EXPECT_THAT(triggers_of(project), ElementsAre("started", "succeeded"));
  project.run({"up"});
  project.run({"up", "--dry-run"});
  project.run({"down", "--dry-run"});
  EXPECT_EQ(triggers_of(project).size(), 2U);
}

TEST(Alerts, ARunThatCouldNotBeginIsTold) {
  const AlertProject project(kFileSink);
  ASSERT_EQ(project.run({"up"}).exit_code, 0);
  EXPECT_EQ(project.run({"up"}, {{"MARTLET_URL", "postgres://shop@127.0.0.1:1/shop"}}).exit_code, 8);
  EXPECT_THAT(triggers_of(project), ElementsAre("failed"));
  EXPECT_THAT(std::string(alerts_of(project)[0].at("text")), HasSubstr("it did not begin: "));
  project.folder().write("migrations/V001__orders.sql", "CREATE TABLE orders (id int, edited int);\n");
  EXPECT_EQ(project.run({"up"}).exit_code, 4);
  EXPECT_THAT(triggers_of(project), ElementsAre("failed", "failed"));
  EXPECT_EQ(project.run({"up", "--steps", "none"}).exit_code, 2);
  EXPECT_EQ(triggers_of(project).size(), 2U);
}

TEST(Alerts, ARunThatTakesLongIsToldWhileItRuns) {
  const AlertProject project(std::string(kUntilGo) + kFileSink + "[[alert]]\non = \"duration\"\nover = \"50ms\"\n");
  Process up = project.start({"up"});
  EXPECT_TRUE(eventually([&] { return !triggers_of(project).empty(); })) << up.err();
  EXPECT_TRUE(up.running()) << "it was told too late";
  EXPECT_THAT(triggers_of(project), ElementsAre("duration"));
  EXPECT_GE(alerts_of(project)[0].at("elapsed_ms"), 50);
  project.folder().write("go", "");
  EXPECT_EQ(up.wait().exit_code, 0);
  EXPECT_THAT(triggers_of(project), ElementsAre("duration"));
}

TEST(Alerts, AWaitForALockIsToldWhileItWaits) {
  const TestDatabase database = fresh_database();
  const AlertProject project(kFileSink + "[[alert]]\non = \"lock_wait\"\nover = \"100ms\"\n");
  project.folder().write("migrations/V001__orders.sql", "CREATE TABLE orders (id int);\n");
  const Environment there{{"MARTLET_URL", database.text()}};
  ASSERT_EQ(project.run({"up"}, there).exit_code, 0);
  project.folder().write("migrations/V002__note.sql", "ALTER TABLE orders ADD note text;\n");
  const auto holder = database.connect({.application_name = "nightly report"});
  holder->execute("BEGIN");
  holder->execute("LOCK TABLE orders");
  Process up = project.start({"up"}, there);
  EXPECT_TRUE(eventually([&] { return !triggers_of(project).empty(); })) << up.err();
  EXPECT_TRUE(up.running());
  EXPECT_THAT(std::string(alerts_of(project)[0].at("text")), HasSubstr("nightly report"));
  holder->execute("COMMIT");
  EXPECT_EQ(up.wait().exit_code, 0);
  EXPECT_THAT(triggers_of(project), ElementsAre("lock_wait"));
}

TEST(Alerts, BackupsRestoresAndOverridesAreTold) {
  const AlertProject project(kFileSink + "[backup]\nbefore = \"always\"\n");
  project.folder().write("backups", "a file where the folder should be");
  EXPECT_NE(project.run({"up"}).exit_code, 0);
  EXPECT_THAT(triggers_of(project), ElementsAre("backup", "failed"));
  EXPECT_EQ(project.run({"up", "--skip-backup"}).exit_code, 0);
  EXPECT_EQ(triggers_of(project).back(), "override");
  EXPECT_NE(project.run({"backup"}).exit_code, 0);
  EXPECT_EQ(triggers_of(project).back(), "backup");
  std::filesystem::remove(project.folder() / "backups");
  ASSERT_EQ(project.run({"backup"}).exit_code, 0);
  ASSERT_EQ(project.run({"restore", "latest", "--yes", "--reason", "a drill"}).exit_code, 0);
  EXPECT_EQ(triggers_of(project).back(), "restore");
  EXPECT_THAT(std::string(alerts_of(project).back().at("text")), HasSubstr("a drill"));
}

TEST(Alerts, AFailedGateAndWhatItTakesBackAreTold) {
  const AlertProject project(
      kFileSink +
      "[[gate]]\nname = \"rows\"\nkind = \"sql\"\nquery = \"select 5\"\nsuccess = \"value < 3\"\n"
      "when = \"after\"\non_failure = \"rollback\"\n");
  const Finished up = project.run({"up"});
  EXPECT_NE(up.exit_code, 0);
  EXPECT_THAT(triggers_of(project), UnorderedElementsAre("gate", "rollback", "failed")) << up;
  EXPECT_THAT(std::string(alerts_of(project)[0].at("text")), HasSubstr("rows after the run: failed (value 5)"));
}

// A view without a configuration tells nobody: that is for looks, not for commands that run something.
TEST(Alerts, EveryCommandThatRunsSomethingTells) {
  const std::filesystem::path commands = std::filesystem::path(MARTLET_SOURCE_DIR) / "src/cli/commands";
  std::size_t views = 0;
  for (const auto& entry : std::filesystem::directory_iterator(commands)) {
    const std::string text = read_file(entry.path());
    views += text.find("RunView view(context, ") != std::string::npos ? 1 : 0;
    EXPECT_EQ(text.find("RunView view(context.output)"), std::string::npos) << entry.path();
  }
  EXPECT_GE(views, 8U);
}

TEST(Alerts, AnEnvironmentHasItsOwn) {
  const AlertProject project(
      "[environments.production]\nurl = \"sqlite:shop.db\"\n[[environments.production.sink]]\n"
      "name = \"log\"\nkind = \"file\"\npath = \"alerts.jsonl\"\n");
  project.break_migration();
  EXPECT_EQ(project.run({"up"}).exit_code, 1);
  EXPECT_THAT(triggers_of(project), IsEmpty());
  EXPECT_EQ(project.run({"--env", "production", "up"}).exit_code, 1);
  ASSERT_THAT(triggers_of(project), ElementsAre("failed"));
  EXPECT_THAT(std::string(alerts_of(project)[0].at("title")), HasSubstr("production (shop.db)"));
}

TEST(Alerts, DeliveryIsTriedAgain) {
  const Receiver receiver(Receiver::Kind::http);
  const AlertProject project(webhook(receiver, "/times/2/503"));
  project.break_migration();
  const Finished up = project.run({"up"});
  EXPECT_EQ(up.exit_code, 1);
  EXPECT_EQ(receiver.received().size(), 3U);
  EXPECT_THAT(up.err, Not(HasSubstr("sink ops"))) << "it arrived";
}

TEST(Alerts, WhatIsRefusedIsSaidOnceAndNotTriedAgain) {
  const Receiver receiver(Receiver::Kind::http);
  const AlertProject project(webhook(receiver, "/status/404?token=s3cret") + "[[alert]]\non = \"succeeded\"\n" +
                             "[log]\nfile = \"martlet.log\"\n");
  const Finished up = project.run({"up"});
  EXPECT_EQ(up.exit_code, 0) << "an alert must not fail a run" << up;
  EXPECT_EQ(receiver.received().size(), 1U);
  EXPECT_THAT(up.err, AllOf(HasSubstr("sink ops"), HasSubstr("answered 404: the reason"), Not(HasSubstr("s3cret"))));
  EXPECT_THAT(project.folder().read("martlet.log"), AllOf(HasSubstr("answered 404"), Not(HasSubstr("s3cret"))));
}

TEST(Alerts, AReceiverInTroubleNeitherFailsNorDelaysARun) {
  const Receiver receiver(Receiver::Kind::http);
  for (const std::string& url : {receiver.url("/hang"), receiver.url("/drip"), receiver.url("/cut"),
                                 fmt::format("http://127.0.0.1:{}/", unused_port())}) {
    const AlertProject project(sink("ops", "webhook", "timeout = \"200ms\"\nurl = \"" + url + "\"") + kFileSink +
                               "[[alert]]\non = [\"started\", \"succeeded\"]\n");
    const Finished up = project.run({"up"}, {{"MARTLET_ALERTS_WAIT", "500ms"}});
    EXPECT_EQ(up.exit_code, 0) << url << up;
    EXPECT_THAT(up.err, HasSubstr("sink ops")) << url;
    EXPECT_THAT(triggers_of(project), ElementsAre("started", "succeeded")) << "another sink is not held up: " << url;
  }
}

TEST(Alerts, OnlyTheEndOfACommandWaitsForThem) {
  const Receiver receiver(Receiver::Kind::http);
  const AlertProject project(sink("ops", "webhook", "timeout = \"1h\"\nurl = \"" + receiver.url("/hang") + "\"") +
                             kFileSink + "[[alert]]\non = [\"started\", \"succeeded\"]\n");
  Process up = project.start({"up"}, {{"MARTLET_ALERTS_WAIT", "1h"}});
  EXPECT_TRUE(eventually([&] { return triggers_of(project).size() == 2; })) << up.err();
  EXPECT_TRUE(eventually([&] { return up.err().find("waiting for alerts") != std::string::npos; }));
  EXPECT_EQ(project.run({"status"}).exit_code, 0) << "the run itself is over";
  up.signal(SIGINT);
  const Finished ended = up.wait();
  EXPECT_EQ(ended.exit_code, 0) << "the run has succeeded" << ended;
  EXPECT_THAT(ended.err, HasSubstr("sink ops: alerts were not delivered"));
}

TEST(Alerts, CtrlCIsToldToo) {
  const AlertProject project(std::string(kUntilGo) + kFileSink);
  Process up = project.start({"up"});
  EXPECT_TRUE(eventually([&] { return up.err().find("hook before") != std::string::npos; }));
  up.signal(SIGINT);
  project.folder().write("go", "");
  EXPECT_NE(up.wait().exit_code, 0);
  EXPECT_THAT(triggers_of(project), ElementsAre("failed"));
}

TEST(Alerts, ASecretThatIsNotSetIsAWarning) {
  const AlertProject project(sink("ops", "webhook", "url = \"env:OPS_URL\"") + kFileSink +
                             "[[alert]]\non = \"succeeded\"\n");
  const Finished up = project.run({"up"});
  EXPECT_EQ(up.exit_code, 0);
  EXPECT_THAT(up.err, AllOf(HasSubstr("sink ops gets no alerts"), HasSubstr("OPS_URL is not set")));
  EXPECT_THAT(triggers_of(project), ElementsAre("succeeded"));
}

TEST(Alerts, TestSaysWhatCameOfIt) {
  const Receiver receiver(Receiver::Kind::http);
  const AlertProject project(webhook(receiver, "/services/s3cret") + kFileSink +
                             sink("bad", "webhook", "url = \"" + receiver.url("/status/403/s3cret") + "\""));
  const Finished one = project.run({"alerts", "test", "ops"});
  EXPECT_EQ(one.exit_code, 0) << one;
  EXPECT_THAT(one.out, AllOf(HasSubstr("delivered to " + receiver.url()), Not(HasSubstr("s3cret"))));
  EXPECT_EQ(receiver.received().size(), 1U);
  const Finished all = project.run({"alerts", "test", "--json"});
  EXPECT_EQ(all.exit_code, 8);
  const json tried = json::parse(all.out).at("tried");
  ASSERT_EQ(tried.size(), 3U);
  EXPECT_TRUE(tried[0].at("delivered"));
  EXPECT_TRUE(tried[1].at("delivered"));
  EXPECT_FALSE(tried[2].at("delivered"));
  EXPECT_THAT(std::string(tried[2].at("problem")), AllOf(HasSubstr("403"), Not(HasSubstr("s3cret"))));
  EXPECT_THAT(triggers_of(project), ElementsAre("test"));
}

TEST(Alerts, AreListed) {
  const AlertProject project(sink("ops", "webhook", "url = \"https://hooks.example.com/s3cret\"") +
                             "[[alert]]\non = \"duration,failed\"\nover = \"2min\"\n");
  const Finished shown = project.run({"alerts"});
  EXPECT_EQ(shown.exit_code, 0);
  EXPECT_THAT(shown.out, AllOf(HasSubstr("https://hooks.example.com"), Not(HasSubstr("s3cret")), HasSubstr("2 min")));
  const json listed = json::parse(project.run({"alerts", "list", "--json"}).out);
  EXPECT_EQ(listed.at("rules").size(), 2U);
  EXPECT_EQ(listed.at("rules")[0].at("over_ms"), 120'000);
  project.configure("");
  EXPECT_THAT(project.run({"alerts"}).out,
              AllOf(HasSubstr("there is no [[sink]]"), HasSubstr("lock_wait"), HasSubstr("pagerduty")));
  EXPECT_EQ(project.run({"alerts", "test"}).exit_code, 2);
  EXPECT_EQ(project.run({"alerts", "tset"}).exit_code, 2);
}

struct BadCase {
  std::string configuration, said;
};

TEST(Alerts, BadConfigurationIsRefusedWithItsPlaceBeforeAnythingIsRun) {
  const std::string good = kFileSink;
  const std::vector<BadCase> cases{
      {sink("a", "webhok", "url = \"http://h/\""), "martlet.toml:4:8: there is no kind of sink \"webhok\""},
      {sink("a", "webhok", "url = \"http://h/\""), "did you mean webhook?"},
      {"[[sink]]\nkind = \"file\"\npath = \"x\"\n", "martlet.toml:2:1: a [[sink]] needs a name"},
      {"[[sink]]\nname = \"a\"\n", "a [[sink]] needs a kind"},
      {sink("a", "webhook", ""), "a sink of the kind webhook needs \"url\""},
      {sink("a", "webhook", "url = \"ftp://h/\""), "martlet.toml:5:7: url is no URL of HTTP"},
      {sink("a", "file", "path = \"x\"\nfrom = \"y\""),
       "martlet.toml:6:8: \"from\" is not for a sink of the kind file"},
      {sink("a", "file", "pfad = \"x\""), "unknown key \"pfad\" in [[sink]]"},
      {sink("a", "sentry", "url = \"https://h/1\""), "url is no DSN of Sentry"},
      {sink("a", "smtp", "url = \"smtp://h\"\nfrom = \"x\"\nto = \"b@h\""),
       "martlet.toml:6:8: from \"x\" is no mail address"},
      {sink("a", "smtp", "url = \"http://h\"\nfrom = \"x@h\"\nto = \"b@h\""), "url must begin with smtp://"},
      {good + good, "there are two sinks \"log\""},
      {good + "[[alert]]\non = \"faild\"\n", "there is no trigger \"faild\""},
      {good + "[[alert]]\nto = \"lag\"\n", "there is no sink \"lag\""},
      {good + "[[alert]]\non = \"failed\"\nover = \"1s\"\n", "\"over\" is for what takes time"},
      {good + "[[alert]]\non = \"duration\"\nover = \"soon\"\n", "soon"},
  };
  for (const BadCase& each : cases) {
    const AlertProject project(each.configuration);
    const Finished up = project.run({"up"});
    EXPECT_EQ(up.exit_code, 2) << each.configuration << up;
    EXPECT_THAT(up.err, HasSubstr(each.said)) << each.configuration;
    EXPECT_FALSE(std::filesystem::exists(project.folder() / "shop.db")) << each.configuration;
  }
}

}  // namespace
}  // namespace martlet::testing
