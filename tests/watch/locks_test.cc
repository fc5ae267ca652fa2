// What the room knows about locks, against what a server does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/cluster.h"
#include "tests/support/process.h"
#include "watch/lock_holder.h"
#include "watch/stall.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr LockMode kModes[] = {
    LockMode::access_share, LockMode::row_share,           LockMode::row_exclusive, LockMode::share_update_exclusive,
    LockMode::share,        LockMode::share_row_exclusive, LockMode::exclusive,     LockMode::access_exclusive};

class WatchedLocks : public ::testing::Test {
 protected:
  void SetUp() override { database_.query("CREATE TABLE orders (id integer)"); }

  std::vector<LockHolder> in_the_way(LockMode mode, const std::string& relation = "public.orders") {
    const WantedLock wanted{relation, mode};
    return holders_in_the_way(*ours_, {&wanted, 1}, ours_->backend_pid());
  }

  TestDatabase database_ = fresh_database();
  std::unique_ptr<Connection> ours_ = database_.connect();
  std::unique_ptr<Connection> other_ = database_.connect({.application_name = "report"});
};

TEST_F(WatchedLocks, ModesConflictAsTheServerSays) {
  for (const LockMode held : kModes) {
    other_->execute("BEGIN");
    other_->execute("LOCK TABLE orders IN " + std::string(lock_words(held)) + " MODE");
    for (const LockMode wanted : kModes) {
      bool granted = true;
      ours_->execute("BEGIN");
      try {
        ours_->execute("LOCK TABLE orders IN " + std::string(lock_words(wanted)) + " MODE NOWAIT");
      } catch (const LockTimeout&) {
        granted = false;
      }
      ours_->execute("ROLLBACK");
      const std::string name = std::string(lock_name(held)) + "Lock";
      EXPECT_EQ(granted, in_the_way(wanted).empty()) << lock_words(held) << " against " << lock_words(wanted);
      if (granted) {
        EXPECT_THAT(conflicting_modes(wanted), Not(Contains(name)));
      } else {
        EXPECT_THAT(conflicting_modes(wanted), Contains(name));
      }
      EXPECT_EQ(lock_mode_of(name), held);
    }
    other_->execute("ROLLBACK");
  }
  EXPECT_EQ(lock_mode_of("ExclusiveLocks"), std::nullopt);
}

TEST_F(WatchedLocks, AHolderIsNamedWithWhatItDoes) {
  other_->execute("BEGIN");
  other_->execute("SELECT 'postgresql://u:hidden@host/db',\n  count(*) FROM orders");
  const auto holders = in_the_way(LockMode::access_exclusive);
  ASSERT_EQ(holders.size(), 1U);
  EXPECT_EQ(holders[0].pid, other_->backend_pid());
  EXPECT_EQ(holders[0].relation, "orders");
  EXPECT_EQ(holders[0].mode, "AccessShareLock");
  EXPECT_TRUE(holders[0].age.has_value());
  EXPECT_FALSE(holders[0].gives_way());
  EXPECT_THAT(holders[0].text(),
              AllOf(HasSubstr("user postgres, application report, idle in transaction for"),
                    HasSubstr("count(*) FROM orders"), Not(HasSubstr("hidden")), Not(HasSubstr("\n"))));
  EXPECT_TRUE(in_the_way(LockMode::row_exclusive).empty());
  EXPECT_TRUE(in_the_way(LockMode::access_exclusive, "public.no_such_table").empty());
}

TEST_F(WatchedLocks, WhoQueuesForAStrongLockStandsBeforeUs) {
  other_->execute("BEGIN");
  other_->execute("SELECT FROM orders");
  Process queued({.arguments = {"psql", "-X", "-d", database_.text(), "-c", "BEGIN; LOCK TABLE orders"}});
  ASSERT_TRUE(eventually([&] { return in_the_way(LockMode::access_share).size() == 1; }));
  EXPECT_EQ(in_the_way(LockMode::access_share)[0].place, LockHolder::Place::queues);
  EXPECT_THAT(in_the_way(LockMode::access_share)[0].text(), HasSubstr("itself waiting for the lock"));
  other_->execute("COMMIT");
}

TEST_F(WatchedLocks, APreparedTransactionIsNamedByItsName) {
  LocalServer server({.settings = {{"max_prepared_transactions", "2"}}});
  ours_ = open_connection(server.url());
  other_ = open_connection(server.url());
  other_->execute("CREATE TABLE orders (id integer)");
  other_->execute("BEGIN");
  other_->execute("LOCK TABLE orders IN SHARE MODE");
  other_->execute("PREPARE TRANSACTION 'two-phase'");
  const auto holders = in_the_way(LockMode::row_exclusive);
  ASSERT_EQ(holders.size(), 1U);
  EXPECT_EQ(holders[0].pid, 0);
  EXPECT_THAT(holders[0].text(), HasSubstr("prepared transaction 'two-phase' of postgres for"));
  other_->execute("ROLLBACK PREPARED 'two-phase'");
}

// A role without pg_read_all_stats sees that somebody has the lock, and of which transaction, but not since when.
TEST_F(WatchedLocks, AnAgeThatMayNotBeSeenIsUnknown) {
  const TestRole role(database_);
  ours_ = open_connection(database_.url_as(role.name()));
  other_->execute("BEGIN");
  other_->execute("SELECT FROM orders");
  const auto holders = in_the_way(LockMode::access_exclusive);
  ASSERT_EQ(holders.size(), 1U);
  EXPECT_EQ(holders[0].age, std::nullopt);
  EXPECT_FALSE(holders[0].transaction.empty());
  EXPECT_EQ(holders[0].pid, other_->backend_pid());
}

TEST_F(WatchedLocks, AStallIsWhatTheApplicationFeels) {
  ours_->execute("BEGIN");
  ours_->execute("LOCK TABLE orders IN SHARE MODE");
  Process ddl({.arguments = {"psql", "-X", "-d", database_.text(), "-c", "BEGIN; LOCK TABLE orders"}});
  ASSERT_TRUE(
      eventually([&] { return lock_queued_for(*other_, 0) || in_the_way(LockMode::access_share).size() == 1; }));
  EXPECT_FALSE(stall_by(*other_, ours_->backend_pid())) << "nobody sits before DDL";
  Process writer({.arguments = {"psql", "-X", "-d", database_.text(), "-c", "INSERT INTO orders VALUES (1)"},
                  .environment = {{"PGAPPNAME", "shop"}}});
  ASSERT_TRUE(eventually([&] { return stall_by(*other_, ours_->backend_pid()).has_value(); }));
  const auto stall = stall_by(*other_, ours_->backend_pid());
  EXPECT_THAT(stall->text(), AllOf(HasSubstr("ShareLock on orders kept 1 session waiting"), HasSubstr("shop")));
  ours_->execute("COMMIT");
  EXPECT_EQ(writer.wait().exit_code, 0);
}

}  // namespace
}  // namespace martlet::testing
