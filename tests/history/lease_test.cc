// One run at a time: others wait or leave, the dead are replaced, and nobody who was replaced can commit.
#include <gmock/gmock.h>

#include <algorithm>

#include "history/lease_row.h"
#include "tests/history/fixture.h"
#include "tests/history/pooled.h"

namespace martlet {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

class LeaseTest : public HistoryTest {
 protected:
  std::string failure(Connection& connection, const Identity& who, Lease::Options options = {}) {
    try {
      Lease::acquire(connection, names(), who, options);
    } catch (const LockTimeout& error) {
      EXPECT_EQ(error.kind, ErrorKind::lock);
      return error.message + " / " + error.next_step;
    }
    return "acquired";
  }
  // Writes a holder of another machine into the row.
  void hold_from_elsewhere(Connection& connection, const std::string& heartbeat) {
    connection.execute("UPDATE " + names().lease +
                       " SET run_id = 'gone', mode = 'row', actor = 'ben', host = 'far', application = 'martlet/gone', "
                       "pid = 1, process_mark = 'another:machine:1', since = " +
                       heartbeat + ", heartbeat = " + heartbeat);
  }
  std::string long_ago() const {
    return postgres() ? "clock_timestamp() - interval '1 hour'" : "strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 hour')";
  }
  Identity ana_ = Identity::detect("ana", "");
  Identity ben_ = Identity::detect("ben", "");
};
INSTANTIATE_TEST_SUITE_P(Each, LeaseTest, ::testing::Values(Dialect::postgres, Dialect::sqlite), dialect_of);

TEST_P(LeaseTest, IsHeldByOne) {
  auto first = open_ready(ana_);
  auto second = open(ben_);
  EXPECT_EQ(read_lease(*second, names()), std::nullopt);
  Lease lease = Lease::acquire(*first, names(), ana_, {});
  EXPECT_EQ(read_lease(*second, names())->actor, "ana");
  const std::string message = failure(*second, ben_);
  EXPECT_THAT(message, HasSubstr("another martlet run holds the lease: ana@" + ana_.host + " (pid " +
                                 std::to_string(getpid()) + ", " + ana_.application));
  EXPECT_THAT(message, HasSubstr("--wait-lease 60s"));
  EXPECT_THAT(message, HasSubstr("martlet locks"));
  lease.check(*first);
  lease.release();
  EXPECT_EQ(read_lease(*second, names()), std::nullopt);
  EXPECT_GT(Lease::acquire(*second, names(), ben_, {}).epoch(), lease.epoch());
}

TEST_P(LeaseTest, WaitsAndSaysForWhom) {
  auto first = open_ready(ana_);
  auto second = open(ben_);
  std::optional<Lease> held(Lease::acquire(*first, names(), ana_, {}));
  std::vector<std::string> waited_for;
  Lease::Options options{.wait = seconds(30), .waiting = [&](const LeaseHolder& holder) {
                           waited_for.push_back(holder.actor);
                           held.reset();
                         }};
  Lease lease = Lease::acquire(*second, names(), ben_, options);
  EXPECT_EQ(waited_for, std::vector<std::string>{"ana"});
}

TEST_P(LeaseTest, LetsEightProcessesWorkOneAfterTheOther) {
  auto connection = open_ready();
  connection->execute("CREATE TABLE counter (n int)");
  connection->execute("INSERT INTO counter VALUES (0)");
  connection.reset();
  std::vector<Forked> children;
  for (int i = 0; i < 8; ++i) {
    children.emplace_back([this] {
      const Identity who = Identity::detect("child", "");
      auto mine = open(who);
      Lease lease = Lease::acquire(*mine, names(), who, {.wait = seconds(60)});
      const int seen = std::stoi(*mine->execute("SELECT n FROM counter").rows[0][0]);
      usleep(20000);
      mine->execute("UPDATE counter SET n = $1", {std::to_string(seen + 1)});
    });
  }
  for (Forked& child : children) EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(open()->execute("SELECT n FROM counter").rows[0][0], "8");
}

TEST_P(LeaseTest, ReplacesAHolderThatWasKilled) {
  open_ready();
  Forked holder([this] {
    const Identity who = Identity::detect("victim", "");
    auto mine = open(who);
    Lease lease = Lease::acquire(*mine, names(), who, {});
    pause();
  });
  auto connection = open(ana_);
  ASSERT_TRUE(testing::eventually([&] { return read_lease(*connection, names()).has_value(); }));
  holder.kill();
  holder.wait();
  Lease lease = Lease::acquire(*connection, names(), ana_, {});
  EXPECT_EQ(read_lease(*connection, names())->actor, "ana");
}

TEST_P(LeaseTest, NoZombieCommits) {
  auto zombie = open_ready(ana_);
  Lease lost = Lease::acquire(*zombie, names(), ana_, {});
  auto second = open(ben_);
  second->execute("UPDATE " + names().lease + " SET epoch = epoch + 1, run_id = 'other'");

  Transaction transaction(*zombie);
  try {
    zombie->execute(lost.fence());
    FAIL() << "the fence let a lost lease pass";
  } catch (const Error& error) {
    EXPECT_TRUE(is_lease_lost(error)) << error.message << " " << error.sqlstate;
  }
  EXPECT_THROW(lost.check(*second), LockTimeout);
}

TEST_P(LeaseTest, ReplacesAHolderWhoseHeartbeatStopped) {
  auto connection = open_ready(ana_);
  PooledConnection pooled(*connection);
  hold_from_elsewhere(*connection, names().now);
  EXPECT_THAT(failure(*connection, ana_), HasSubstr("ben@far"));
  EXPECT_THAT(failure(pooled, ana_), HasSubstr("ben@far"));
  hold_from_elsewhere(*connection, long_ago());
  EXPECT_EQ(failure(pooled, ana_), "acquired");
  hold_from_elsewhere(*connection, long_ago());
  EXPECT_EQ(failure(*connection, ana_), "acquired");
}

TEST_P(LeaseTest, RenewsTheHeartbeatInRowMode) {
  auto connection = open_ready(ana_);
  PooledConnection pooled(*connection);
  Lease lease = Lease::acquire(pooled, names(), ana_, {});
  connection->execute("UPDATE " + names().lease + " SET heartbeat = " + long_ago());
  const std::string before = read_lease_row(*connection, names(), Try::nothing).holder.heartbeat;
  connection->execute(lease.fence());
  EXPECT_GT(read_lease_row(*connection, names(), Try::nothing).holder.heartbeat, before);
}

// On SQLite each page that a transaction writes is written twice.
TEST_P(LeaseTest, WritesAFreshHeartbeatAgainOnlyWhereOthersMayWrite) {
  auto connection = open_ready(ana_);
  PooledConnection pooled(*connection);
  Lease lease = Lease::acquire(pooled, names(), ana_, {});
  EXPECT_EQ(connection->execute(lease.fence()).affected, postgres() ? 1 : 0);
}

TEST_P(LeaseTest, TakesItsOwnLeaseAgainOnANewConnection) {
  auto first = open_ready(ana_);
  auto second = open(ana_);
  Lease lease = Lease::acquire(*first, names(), ana_, {});
  const long long epoch = lease.epoch();
  const Request old_fence = lease.fence();
  if (postgres()) first.reset();
  lease.reacquire(*second, {});
  EXPECT_GT(lease.epoch(), epoch);
  lease.check(*second);
  EXPECT_THROW(second->execute(old_fence), Error) << "the old connection's transactions must fail";
}

class PostgresLeaseTest : public LeaseTest {};
INSTANTIATE_TEST_SUITE_P(Only, PostgresLeaseTest, ::testing::Values(Dialect::postgres), dialect_of);

TEST_P(PostgresLeaseTest, SurvivesDiscardAll) {
  auto connection = open_ready(ana_);
  Lease lease = Lease::acquire(*connection, names(), ana_, {});
  connection->execute("DISCARD ALL");
  EXPECT_EQ(find_locking_session(*connection, names()), std::nullopt);
  lease.check(*connection);
  EXPECT_EQ(find_locking_session(*connection, names())->pid, connection->backend_pid());
}

TEST_P(PostgresLeaseTest, ExcludesRunsBehindAPoolerAndDirectOnes) {
  auto direct = open_ready(ana_);
  auto other = open(ben_);
  PooledConnection pooled(*other);
  {
    Lease lease = Lease::acquire(*direct, names(), ana_, {});
    EXPECT_THAT(failure(pooled, ben_), HasSubstr("ana@"));
  }
  {
    Lease lease = Lease::acquire(pooled, names(), ben_, {});
    EXPECT_THAT(failure(*direct, ana_), HasSubstr("ben@"));
    EXPECT_EQ(find_locking_session(*direct, names()), std::nullopt) << "a failed attempt leaves no lock behind";
  }
  EXPECT_EQ(failure(*direct, ana_), "acquired");
}

TEST_P(PostgresLeaseTest, TakeoverWaitsForAFencedTransaction) {
  auto first = open_ready(ana_);
  Lease lease = Lease::acquire(*first, names(), ana_, {});
  Transaction transaction(*first);
  first->execute(lease.fence());
  // Its session lock is gone, so another run may come; its transaction is still at work.
  first->execute("SELECT pg_advisory_unlock_all()");
  auto second = open(ben_);
  EXPECT_THAT(failure(*second, ben_), HasSubstr("ana@"));
  transaction.commit();
  EXPECT_EQ(failure(*second, ben_), "acquired");
}

// The server process goes on after its client was killed, as one that waits in CREATE INDEX CONCURRENTLY does.
TEST_P(PostgresLeaseTest, EndsTheServerProcessThatAKilledHolderLeft) {
  open_ready();
  auto connection = open(ana_);
  Forked holder([this] {
    const Identity who = Identity::detect("victim", "");
    auto mine = open(who);
    mine->execute("SET client_connection_check_interval = 0");
    Lease lease = Lease::acquire(*mine, names(), who, {});
    mine->execute("SELECT pg_sleep(600)");
  });
  const auto sleepers = [&] {
    return connection->execute("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(600)%'").rows.size();
  };
  ASSERT_TRUE(testing::eventually([&] { return sleepers() == 1; }));
  holder.kill();
  holder.wait();
  EXPECT_EQ(sleepers(), 1u);
  Lease lease = Lease::acquire(*connection, names(), ana_, {});
  EXPECT_EQ(sleepers(), 0u);
}

TEST(Process, TellsTheLivingFromTheDead) {
  EXPECT_EQ(liveness(getpid(), process_mark(getpid())), Liveness::alive);
  Forked child([] { pause(); });
  const std::string mark = process_mark(child.pid());
  const pid_t pid = child.pid();
  EXPECT_EQ(liveness(pid, mark), Liveness::alive);
  child.kill();
  child.wait();
  EXPECT_EQ(liveness(pid, mark), Liveness::gone);
  EXPECT_EQ(liveness(getpid(), mark), Liveness::gone) << "another process with that number";
  EXPECT_EQ(liveness(getpid(), "another:machine:12345"), Liveness::unknown);
  EXPECT_EQ(liveness(getpid(), ""), Liveness::unknown);
}

}  // namespace
}  // namespace martlet
