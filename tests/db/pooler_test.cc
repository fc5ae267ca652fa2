// What a transaction-mode pooler does to a session: the real pgbouncer.
#include <gtest/gtest.h>

#include "tests/support/cluster.h"
#include "tests/support/pgbouncer.h"

namespace martlet {
namespace {

class Pooler : public ::testing::Test {
 protected:
  std::unique_ptr<Connection> connect(const OpenOptions& options = {}) {
    return open_connection(pooler_.url(database_.url()), options);
  }

  testing::TestDatabase database_ = testing::fresh_database();
  testing::PgBouncer pooler_{testing::cluster(), {.pool_size = 1}};
};

TEST_F(Pooler, IsDetectedAndOurSettingsAreLeftOut) {
  const auto connection = connect({.settings = {{"lock_timeout", "7s"}}});
  EXPECT_TRUE(connection->behind_pooler());
  EXPECT_EQ(connection->execute("SHOW lock_timeout").rows.at(0).at(0), "0");
}

TEST_F(Pooler, ThatIgnoresOptionsIsDetectedByItsBackendId) {
  const testing::PgBouncer pooler(testing::cluster(), {.ignores_options = true});
  const auto connection = open_connection(pooler.url(database_.url()));
  const std::string seen = connection->execute("SELECT pg_backend_pid()").rows.at(0).at(0).value();
  EXPECT_EQ(connection->execute("SELECT pg_backend_pid()").rows.at(0).at(0), seen) << "it looks stable";
  EXPECT_NE(seen, std::to_string(connection->backend_pid()));
  EXPECT_TRUE(connection->behind_pooler());
}

TEST_F(Pooler, PipelinesOfOneTransactionWork) {
  const auto connection = connect();
  const std::vector<Request> requests{
      {"BEGIN", {}}, {"CREATE TABLE t (a integer)", {}}, {"INSERT INTO t VALUES ($1)", {"1"}}, {"COMMIT", {}}};
  connection->pipeline(requests, nullptr);
  EXPECT_EQ(database_.value("SELECT count(*) FROM t"), "1");
}

TEST_F(Pooler, ASessionSettingLeaksToTheNextClient) {
  connect()->execute("SET work_mem = '123MB'");
  EXPECT_EQ(connect()->execute("SHOW work_mem").rows.at(0).at(0), "123MB");
}

TEST_F(Pooler, ALocalSettingDoesNotLeak) {
  {
    const auto connection = connect();
    Transaction transaction(*connection);
    connection->execute("SET LOCAL work_mem = '123MB'");
    transaction.commit();
  }
  EXPECT_NE(connect()->execute("SHOW work_mem").rows.at(0).at(0), "123MB");
}

TEST_F(Pooler, ASessionAdvisoryLockIsStranded) {
  connect()->execute("SELECT pg_advisory_lock(1)");
  EXPECT_EQ(database_.value("SELECT pg_try_advisory_lock(1)"), "f") << "its client is gone, the lock is not";
}

TEST_F(Pooler, ALostPoolerWithACommitUnderWayIsACommitInDoubt) {
  const auto connection = connect();
  connection->while_waiting([&](std::chrono::milliseconds) { pooler_.stop(); });
  const std::vector<Request> requests{{"BEGIN", {}}, {"SELECT pg_sleep(600)", {}}, {"COMMIT", {}}};
  EXPECT_THROW(connection->pipeline(requests, nullptr), CommitInDoubt);
}

TEST_F(Pooler, CancelsReachTheServer) {
  const auto connection = connect();
  connection->while_waiting([&](std::chrono::milliseconds) { connection->cancel(); });
  try {
    connection->execute("SELECT pg_sleep(600)");
    FAIL() << "it was not cancelled";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::cancelled);
  }
}

}  // namespace
}  // namespace martlet
