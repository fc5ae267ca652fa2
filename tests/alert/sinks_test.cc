// What each kind of sink delivers, to a receiver that is real.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <nlohmann/json.hpp>

#include "base/descriptor.h"
#include "base/text.h"
#include "tests/alert/project.h"

namespace martlet::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string url_line(const Receiver& receiver, std::string_view path) {
  return fmt::format("url = \"{}\"", receiver.url(path));
}

json body_of(const json& request) {
  return json::parse(std::string(request.at("body")));
}

TEST(Sinks, AWebhookGetsTheAlertAsJson) {
  const Receiver receiver(Receiver::Kind::http);
  const AlertProject project(sink("ops", "webhook", url_line(receiver, "/hook") + "\nheader = \"X-Token: t\""));
  project.break_migration();
  const Finished up = project.run({"up", "--actor", "ana", "--ticket", "DB-7"});
  EXPECT_EQ(up.exit_code, 1) << up;
  const auto got = receiver.wait_for(1);
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].at("method"), "POST");
  EXPECT_EQ(got[0].at("headers").at("content-type"), "application/json");
  EXPECT_EQ(got[0].at("headers").at("x-token"), "t");
  const json alert = body_of(got[0]);
  EXPECT_EQ(alert.at("trigger"), "failed");
  EXPECT_EQ(alert.at("level"), "critical");
  EXPECT_EQ(alert.at("migration"), "V002");
  EXPECT_EQ(alert.at("version_before"), "base");
  EXPECT_EQ(alert.at("actor"), "ana");
  EXPECT_EQ(alert.at("ticket"), "DB-7");
  EXPECT_EQ(alert.at("command"), "up");
  EXPECT_THAT(std::string(alert.at("place")), HasSubstr("V002__broken.sql:2"));
  EXPECT_THAT(std::string(alert.at("text")), HasSubstr("nowhere"));
  EXPECT_THAT(std::string(alert.at("title")), AllOf(HasSubstr("run failed at V002"), HasSubstr("shop.db")));
}

TEST(Sinks, SlackGetsAMessage) {
  const Receiver receiver(Receiver::Kind::http);
  const AlertProject project(sink("chat", "slack", url_line(receiver, "/services/T/B/x")));
  project.break_migration();
  project.run({"up"});
  const json message = body_of(receiver.wait_for(1)[0]);
  EXPECT_THAT(std::string(message.at("text")), HasSubstr("run failed at V002"));
  EXPECT_EQ(message.at("attachments").at(0).at("color"), "danger");
  EXPECT_THAT(std::string(message.at("attachments").at(0).at("text")), HasSubstr("nowhere"));
}

TEST(Sinks, PagerDutyOpensAnIncidentAndARunThatSucceedsClosesIt) {
  const Receiver receiver(Receiver::Kind::http);
  const AlertProject project(sink("pager", "pagerduty", url_line(receiver, "/v2/enqueue") + "\nkey = \"env:KEY\"") +
                             "[[alert]]\non = [\"failed\", \"succeeded\"]\n");
  project.break_migration();
  EXPECT_EQ(project.run({"up"}, {{"KEY", "R0UT1NG"}}).exit_code, 1);
  const json opened = body_of(receiver.wait_for(1)[0]);
  EXPECT_EQ(opened.at("routing_key"), "R0UT1NG");
  EXPECT_EQ(opened.at("event_action"), "trigger");
  EXPECT_EQ(opened.at("payload").at("severity"), "critical");
  EXPECT_THAT(std::string(opened.at("payload").at("summary")), HasSubstr("run failed at V002"));
  EXPECT_FALSE(std::string(opened.at("payload").at("source")).empty());
  project.folder().write("migrations/V002__broken.sql", "CREATE TABLE lines (id int);\n");
  EXPECT_EQ(project.run({"up"}, {{"KEY", "R0UT1NG"}}).exit_code, 0);
  const json closed = body_of(receiver.wait_for(2)[1]);
  EXPECT_EQ(closed.at("event_action"), "resolve");
  EXPECT_EQ(closed.at("dedup_key"), opened.at("dedup_key"));
}

// Header, item header, payload.
std::vector<json> envelope_of(const json& request) {
  std::vector<json> lines;
  for (const std::string& line : split_lines(std::string(request.at("body")))) lines.push_back(json::parse(line));
  return lines;
}

TEST(Sinks, SentryGetsAnExceptionAndATransaction) {
  const Receiver receiver(Receiver::Kind::http);
  std::string dsn = receiver.url("/sentry/42");
  dsn.insert(7, "public0key@");
  const AlertProject project(sink("sentry", "sentry", "url = \"" + dsn + "\"") +
                             "[[alert]]\non = [\"failed\", \"succeeded\"]\n");
  EXPECT_EQ(project.run({"up"}).exit_code, 0);
  project.break_migration();
  EXPECT_EQ(project.run({"up"}).exit_code, 1);
  const auto got = receiver.wait_for(3);
  for (const json& request : got) {
    EXPECT_EQ(request.at("path"), "/sentry/api/42/envelope/");
    EXPECT_THAT(std::string(request.at("headers").at("x-sentry-auth")), HasSubstr("sentry_key=public0key"));
    const auto lines = envelope_of(request);
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].at("event_id"), lines[2].at("event_id"));
    EXPECT_EQ(lines[1].at("length"), split_lines(std::string(request.at("body")))[2].size());
  }
  const json good = envelope_of(got[0])[2], exception = envelope_of(got[1])[2], bad = envelope_of(got[2])[2];
  EXPECT_EQ(good.at("type"), "transaction");
  EXPECT_EQ(good.at("contexts").at("trace").at("status"), "ok");
  ASSERT_EQ(good.at("spans").size(), 1U);
  EXPECT_EQ(good.at("spans")[0].at("description"), "V001 orders");
  EXPECT_LE(good.at("start_timestamp"), good.at("timestamp"));
  EXPECT_EQ(exception.at("level"), "error");
  EXPECT_THAT(std::string(exception.at("exception").at("values").at(0).at("value")), HasSubstr("nowhere"));
  EXPECT_EQ(exception.at("tags").at("migration"), "V002");
  EXPECT_EQ(bad.at("contexts").at("trace").at("status"), "internal_error");
}

TEST(Sinks, AMailIsSent) {
  const Receiver receiver(Receiver::Kind::smtp);
  const AlertProject project(sink("mail", "smtp",
                                  fmt::format("url = \"{}\"\ntls = \"none\"\nfrom = \"martlet@example.com\"\n"
                                              "to = [\"ana@example.com\", \"ops@example.com\"]",
                                              receiver.url())));
  project.break_migration();
  project.run({"up"});
  const json mail = receiver.wait_for(1)[0];
  EXPECT_THAT(mail.at("to"), ElementsAre("ana@example.com", "ops@example.com"));
  EXPECT_THAT(std::string(mail.at("subject")), AllOf(StartsWith("martlet: "), HasSubstr("run failed at V002")));
  EXPECT_THAT(std::string(mail.at("text")), HasSubstr("nowhere"));
}

TEST(Sinks, ACommandGetsItOnItsInputAndInItsEnvironment) {
  const AlertProject project(
      sink("script", "exec", "command = \"cat > alert.json; echo $MARTLET_ALERT_TRIGGER > trigger; echo noise\""));
  project.break_migration();
  const Finished up = project.run({"up", "--json"});
  EXPECT_EQ(json::parse(project.folder().read("alert.json")).at("trigger"), "failed");
  EXPECT_EQ(project.folder().read("trigger"), "failed\n");
  EXPECT_THAT(up.out, Not(HasSubstr("noise"))) << "standard output is JSON";
}

TEST(Sinks, ACommandThatHangsIsEndedWithWhatItStarted) {
  const AlertProject project(
      sink("script", "exec", "timeout = \"100ms\"\ncommand = \"sleep 600 & echo $! > child; wait\""));
  project.break_migration();
  const Finished up = project.run({"up"}, {{"MARTLET_ALERTS_WAIT", "300ms"}});
  EXPECT_EQ(up.exit_code, 1);
  EXPECT_THAT(up.err, HasSubstr("not done within 100 ms"));
  const pid_t child = std::stoi(project.folder().read("child"));
  EXPECT_TRUE(eventually([&] { return kill(child, 0) != 0; }));
}

TEST(Sinks, ACommandHearsSignalsAsAnyOther) {
  const AlertProject project(sink("script", "exec", "command = \"sh -c 'kill -TERM $$; touch survived'; true\""));
  project.break_migration();
  project.run({"up"});
  EXPECT_FALSE(std::filesystem::exists(project.folder() / "survived"));
}

TEST(Sinks, AFileGetsALineForEach) {
  const AlertProject project(sink("log", "file", "path = \"alerts.jsonl\"") +
                             "[[alert]]\non = \"started,succeeded\"\n");
  EXPECT_EQ(project.run({"up"}).exit_code, 0);
  const auto lines = split_lines(project.folder().read("alerts.jsonl"));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(json::parse(lines[0]).at("trigger"), "started");
  EXPECT_EQ(json::parse(lines[0]).at("version_before"), "base");
  EXPECT_EQ(json::parse(lines[1]).at("text"), "the database is at V001");
  struct stat about {};
  ASSERT_EQ(stat((project.folder() / "alerts.jsonl").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST(Sinks, TheJournalGetsFields) {
  const TemporaryFolder folder;
  const std::string path = folder / "socket";
  const Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM, 0));
  sockaddr_un address{.sun_family = AF_UNIX};
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  ASSERT_EQ(bind(socket.number(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  const AlertProject project(sink("journal", "journal", "path = \"" + path + "\""));
  project.break_migration();
  EXPECT_EQ(project.run({"up"}).exit_code, 1);
  std::string datagram(65536, '\0');
  const ssize_t size = recv(socket.number(), datagram.data(), datagram.size(), MSG_DONTWAIT);
  ASSERT_GT(size, 0) << "nothing came";
  datagram.resize(static_cast<std::size_t>(size));
  EXPECT_THAT(datagram,
              AllOf(StartsWith("MESSAGE\n"), HasSubstr("\nPRIORITY=2\n"), HasSubstr("\nMARTLET_TRIGGER=failed\n"),
                    HasSubstr("\nMARTLET_MIGRATION=V002\n"), HasSubstr("nowhere")));
  const std::size_t length = static_cast<unsigned char>(datagram[8]) + 256U * static_cast<unsigned char>(datagram[9]);
  EXPECT_THAT(datagram.substr(16 + length), StartsWith("\nPRIORITY"));
}

TEST(Sinks, WithoutAJournalTheErrorSaysWhatToDo) {
  const AlertProject project(sink("journal", "journal", "path = \"nowhere/socket\""));
  const Finished tried = project.run({"alerts", "test"});
  EXPECT_EQ(tried.exit_code, 8) << tried;
  EXPECT_THAT(tried.out, AllOf(HasSubstr("cannot be reached"), HasSubstr("a sink of the kind file")));
}

}  // namespace
}  // namespace martlet::testing
