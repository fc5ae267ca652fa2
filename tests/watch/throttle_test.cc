// The throttle on real servers: it says why it waits, and goes on by itself.
#include "watch/throttle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/registry.h"
#include "tests/support/cluster.h"
#include "tests/support/process.h"
#include "tests/support/receiver.h"
#include "tests/support/standby.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A throttle that is asked until it says what a test waits for: it looks once a second.
class Asked {
 public:
  Asked(const Url& url, std::map<std::string, std::string> limits, ProbeSettings probes = {.application = "us"})
      : observer_(url), throttle_({std::move(limits), std::move(probes)}, observer_, [this](const Event& event) {
          said_.push_back(event.text);
        }) {}

  std::string reason(const std::string& wished = "") { return throttle_.reason(wished); }
  bool eventually_waits(std::string_view because) {
    return eventually([&] { return reason().find(because) != std::string::npos; });
  }
  bool eventually_goes_on() {
    return eventually([&] { return reason().empty(); });
  }
  const std::vector<std::string>& said() const { return said_; }

 private:
  Observer observer_;
  std::vector<std::string> said_;
  Throttle throttle_;
};

TEST(Throttle, RefusesWhatIsNoLimit) {
  Observer observer(cluster().url());
  const auto made = [&](const std::string& id, const std::string& limit) {
    return Throttle({{{id, limit}}, {}}, observer, [](const Event&) {});
  };
  EXPECT_THROW(made("replica_lag", "soon"), Error);
  EXPECT_NO_THROW(made("replica_lag", "off"));
  EXPECT_NO_THROW(made("replica_lag", ""));
  EXPECT_THROW(parse_limits("replica_leg=5s"), Error);
  EXPECT_THROW(parse_limits("replica_lag"), Error);
  EXPECT_THROW(parse_limits("wal_rate=-3"), Error);
  const auto limits = parse_limits("replica_lag=5s wal_rate=off");
  EXPECT_EQ(limits.at("replica_lag"), "5s");
  EXPECT_EQ(limits.at("wal_rate"), "off");
}

TEST(Throttle, EveryProbeAnswers) {
  const auto server = open_connection(cluster().url());
  for (const Probe* probe : Registry<Probe>::all()) {
    if (!probe->needs_limit) continue;
    const auto run = probe->start({.application = "us"});
    run->read(*server);
    const ProbeReading reading = run->read(*server);  // a rate needs two looks
    EXPECT_TRUE(reading.value.has_value()) << probe->id << ": " << reading.about;
  }
}

TEST(Throttle, WaitsForSessionsThatWaitForUs) {
  const TestDatabase database = fresh_database();
  database.query("CREATE TABLE orders AS SELECT 1 AS id");
  const auto us = database.connect({.application_name = "us"});
  us->execute("BEGIN");
  us->execute("UPDATE orders SET id = 2");
  Asked asked(database.url(), {{"blocked_by_us", "0"}});
  EXPECT_EQ(asked.reason(), "");
  Process writer({.arguments = {"psql", "-X", "-d", database.text(), "-c", "UPDATE orders SET id = 3"}});
  ASSERT_TRUE(asked.eventually_waits("blocked_by_us is 1, over 0 (1 sessions wait for this run, one is pid"));
  us->execute("COMMIT");
  EXPECT_TRUE(asked.eventually_goes_on());
  EXPECT_EQ(writer.wait().exit_code, 0);
}

TEST(Throttle, ObeysLimitsThatAreWishedMeanwhile) {
  Asked asked(cluster().url(), {{"xmin_age", "off"}});
  EXPECT_EQ(asked.reason(), "");
  EXPECT_THAT(asked.reason("commit_latency=0ms"), HasSubstr("commit_latency is"));
  EXPECT_EQ(asked.reason(), "") << "back to the settings";
}

TEST(Throttle, AsksAHookAndWaitsAlsoWhereItHangsOrFails) {
  const TestDatabase database = fresh_database();
  database.query("CREATE TABLE busy AS SELECT 'month end'::text AS why");
  const auto hooked = [&](const std::string& hook) {
    return Asked(database.url(), {}, {.application = "us", .hook = hook, .hook_timeout = Milliseconds(100)});
  };
  for (const char* quiet : {"sql:SELECT NULL", "sql:SELECT true", "sql:SELECT ''", "sql:SELECT 1 WHERE false"}) {
    EXPECT_EQ(hooked(quiet).reason(), "") << quiet;
  }
  EXPECT_EQ(hooked("sql:SELECT false").reason(), "the hook says: it says no");
  EXPECT_THAT(hooked("sql:SELECT pg_sleep(600)").reason(), HasSubstr("the hook failed: canceling statement"));
  EXPECT_THAT(hooked("sql:SELECT * FROM nowhere").reason(), HasSubstr("the hook failed: relation"));
  EXPECT_THROW(hooked("ask somebody"), Error);

  Asked asked(database.url(), {}, {.application = "us", .hook = "sql:SELECT why FROM busy"});
  EXPECT_EQ(asked.reason(), "the hook says: month end");
  database.query("DELETE FROM busy");
  EXPECT_TRUE(asked.eventually_goes_on());
  EXPECT_EQ(asked.reason("hook=off"), "");
}

TEST(Throttle, TheHookMayBeACommandOrAnAddress) {
  const Receiver receiver(Receiver::Kind::http);
  const auto reason = [](const std::string& hook, Milliseconds limit = Milliseconds(20'000)) {
    return Asked(cluster().url(), {}, {.application = "us", .hook = hook, .hook_timeout = limit}).reason();
  };
  EXPECT_EQ(reason("exec:true"), "");
  EXPECT_EQ(reason("exec:echo starting; echo month end; exit 3"), "the hook says: month end");
  EXPECT_EQ(reason("exec:exit 3"), "the hook says: exit code 3");
  EXPECT_THAT(reason("exec:sleep 600", Milliseconds(100)), HasSubstr("the hook failed: the command did not end"));
  EXPECT_EQ(reason(receiver.url("/ok")), "");
  EXPECT_THAT(reason(receiver.url("/status/503")), HasSubstr("the hook says: HTTP 503"));
  EXPECT_THAT(reason(fmt::format("http://127.0.0.1:{}/", unused_port())), HasSubstr("the hook failed: "));
}

TEST(Throttle, SaysThatItDoesNotKnow) {
  const TestDatabase database = fresh_database();
  ProbeSettings probes{.application = "us"};
  Asked far(Url::parse("postgres://nobody@127.0.0.1:1/none"), {{"xmin_age", "0"}}, probes);
  EXPECT_EQ(far.reason(), "");
  EXPECT_THAT(far.said(), Contains("the throttle could not look at the server"));
}

class ReplicaLag : public ::testing::Test {
 protected:
  void write() const { open_connection(primary_.url())->execute("SELECT pg_logical_emit_message(false, 'x', 'y')"); }

  LocalServer primary_;
};

TEST_F(ReplicaLag, OfAStandbyThatDoesNotReplayGrowsAndRecovers) {
  const Standby standby(primary_, "north");
  Asked asked(primary_.url(), {{"replica_lag", "1500ms"}, {"replica_bytes", "off"}});
  EXPECT_TRUE(asked.eventually_goes_on());
  standby.pause();
  ASSERT_TRUE(eventually([&] {
    write();
    return !asked.reason().empty();
  }));
  EXPECT_THAT(asked.reason(), AllOf(HasSubstr("replica_lag is"), HasSubstr("over 1500ms (north)")));
  standby.resume();
  EXPECT_TRUE(asked.eventually_goes_on());
  EXPECT_THAT(asked.said(), IsEmpty());
}

TEST_F(ReplicaLag, InBytes) {
  const Standby standby(primary_, "north");
  Asked asked(primary_.url(), {{"replica_bytes", "100kB"}});
  EXPECT_TRUE(asked.eventually_goes_on());
  standby.pause();
  open_connection(primary_.url())->execute("CREATE TABLE big AS SELECT g FROM generate_series(1, 20000) g");
  EXPECT_TRUE(asked.eventually_waits("over 100kB (north)"));
  standby.resume();
  EXPECT_TRUE(asked.eventually_goes_on());
}

TEST_F(ReplicaLag, OfAStandbyThatIsGoneIsSaidOrWaitedFor) {
  Standby standby(primary_, "north");
  Asked says(primary_.url(), {{"replica_lag", "1h"}});
  Asked waits(primary_.url(), {{"replica_lag", "1h"}},
              {.application = "us", .lost_replica = ProbeSettings::LostReplica::wait});
  EXPECT_EQ(says.reason(), "");
  EXPECT_EQ(waits.reason(), "");
  standby.stop();
  EXPECT_TRUE(waits.eventually_waits("replica gone: north"));
  ASSERT_TRUE(eventually([&] { return says.reason().empty() && !says.said().empty(); }));
  EXPECT_THAT(says.said(), Contains("replica gone: north"));
}

TEST_F(ReplicaLag, ThatMayNotBeSeenIsUnknownAndNotZero) {
  const Standby standby(primary_, "north");
  const TestDatabase database(primary_);
  const TestRole role(database);
  Asked asked(database.url_as(role.name()), {{"replica_lag", "1s"}});
  EXPECT_EQ(asked.reason(), "");
  EXPECT_THAT(asked.said(), Contains(AllOf(HasSubstr("replica_lag is not known"), HasSubstr("pg_monitor"))));
}

}  // namespace
}  // namespace martlet::testing
