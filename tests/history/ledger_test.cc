// What is recorded is read back, whole, and only by the run that holds the lease.
#include <gmock/gmock.h>

#include "tests/history/fixture.h"

namespace martlet {
namespace {

using ::testing::HasSubstr;

AppliedMigration migration(const std::string& id, long long order, const Identity& who) {
  AppliedMigration applied;
  applied.row = {.id = id,
                 .version = id,
                 .name = "add 'users' ünï",
                 .kind = "versioned",
                 .layout = "flyway",
                 .checksum = "sha256:ab",
                 .installed_order = order,
                 .actor = who.actor,
                 .host = who.host,
                 .ci = "github-actions run 7",
                 .ticket = "SHOP-1",
                 .duration_ms = 18,
                 .run_id = who.run_id,
                 .tool_version = "0.1.0",
                 .backup_id = "b1"};
  applied.up_sql = "CREATE TABLE users ()";
  return applied;
}

class LedgerTest : public HistoryTest {
 protected:
  Identity who_ = Identity::detect("ana", "");
};
INSTANTIATE_TEST_SUITE_P(Each, LedgerTest, ::testing::Values(Dialect::postgres, Dialect::sqlite), dialect_of);

TEST_P(LedgerTest, ReadsBackWhatWasRecorded) {
  auto connection = open_ready(who_);
  Lease lease = Lease::acquire(*connection, names(), who_, {});
  connection->execute(record_applied(names(), migration("002", 2, who_)));
  connection->execute(record_applied(names(), migration("001", 1, who_)));

  const Ledger ledger = Ledger::read(*connection, names());
  ASSERT_EQ(ledger.rows().size(), 2u);
  EXPECT_EQ(ledger.rows()[0].id, "001");
  EXPECT_EQ(ledger.next_order(), 3);
  EXPECT_EQ(ledger.unfinished(), 0);
  EXPECT_EQ(ledger.find("003"), nullptr);
  const LedgerRow& row = *ledger.find("002");
  EXPECT_EQ(row.version, "002");
  EXPECT_EQ(row.name, "add 'users' ünï");
  EXPECT_EQ(row.kind, "versioned");
  EXPECT_EQ(row.layout, "flyway");
  EXPECT_EQ(row.checksum, "sha256:ab");
  EXPECT_EQ(row.state, LedgerState::applied);
  EXPECT_THAT(row.applied_at, ::testing::MatchesRegex("20..-..-..T..:..:..\\....Z"));
  EXPECT_EQ(row.applied_by, postgres() ? "postgres" : "");
  EXPECT_EQ(row.actor, "ana");
  EXPECT_EQ(row.host, who_.host);
  EXPECT_EQ(row.ci, "github-actions run 7");
  EXPECT_EQ(row.ticket, "SHOP-1");
  EXPECT_EQ(row.duration_ms, 18);
  EXPECT_EQ(row.run_id, who_.run_id);
  EXPECT_EQ(row.tool_version, "0.1.0");
  EXPECT_EQ(row.backup_id, "b1");
}

TEST_P(LedgerTest, AppliesARevertedMigrationAgain) {
  auto connection = open_ready(who_);
  Lease lease = Lease::acquire(*connection, names(), who_, {});
  connection->execute(record_applied(names(), migration("001", 1, who_)));
  connection->execute(record_state(names(), "001", LedgerState::reverted, who_));
  EXPECT_EQ(Ledger::read(*connection, names()).rows()[0].state, LedgerState::reverted);
  EXPECT_FALSE(Ledger::read(*connection, names()).rows()[0].counts_as_applied());
  connection->execute(record_applied(names(), migration("001", 5, who_)));
  const Ledger ledger = Ledger::read(*connection, names());
  ASSERT_EQ(ledger.rows().size(), 1u);
  EXPECT_EQ(ledger.rows()[0].installed_order, 5);
  EXPECT_EQ(ledger.rows()[0].state, LedgerState::applied);
}

TEST_P(LedgerTest, KeepsTextsWithoutPasswordsAndSaysWhatIsIncomplete) {
  auto connection = open_ready(who_);
  Lease lease = Lease::acquire(*connection, names(), who_, {});
  AppliedMigration applied = migration("001", 1, who_);
  applied.up_sql = "CREATE ROLE app PASSWORD 's3cret'";
  applied.down_sql = "DROP ROLE app";
  connection->execute(record_applied(names(), applied));
  Ledger::Texts texts = Ledger::texts(*connection, names(), "001");
  EXPECT_THAT(texts.up_sql, HasSubstr("PASSWORD '***'"));
  EXPECT_EQ(texts.down_sql, "DROP ROLE app");
  EXPECT_EQ(texts.down_incomplete, "");

  const std::string big = "SELECT 1; -- " + std::string(2 << 20, 'x');
  connection->execute(record_checksum(names(), "001", "sha256:cd", "SELECT 2", big, who_));
  texts = Ledger::texts(*connection, names(), "001");
  EXPECT_EQ(texts.up_sql, "SELECT 2");
  EXPECT_EQ(texts.down_incomplete, "it is longer than 1 MB");
  EXPECT_LT(texts.down_sql->size(), (1u << 20) + 100);
  EXPECT_EQ(Ledger::read(*connection, names()).find("001")->checksum, "sha256:cd");

  connection->execute(record_checksum(names(), "001", "sha256:cd", "SELECT 2", std::nullopt, who_));
  EXPECT_EQ(Ledger::texts(*connection, names(), "001").down_sql, std::nullopt);
  EXPECT_THROW(Ledger::texts(*connection, names(), "none"), Error);
}

TEST_P(LedgerTest, MeasuresADurationThatIsNotKnownYet) {
  auto connection = open_ready(who_);
  Lease lease = Lease::acquire(*connection, names(), who_, {});
  AppliedMigration applied = migration("001", 1, who_);
  applied.row.duration_ms = -1;
  Transaction transaction(*connection);
  if (postgres()) connection->execute("SELECT pg_sleep(0.02)");
  connection->execute(record_applied(names(), applied));
  transaction.commit();
  EXPECT_GE(Ledger::read(*connection, names()).rows()[0].duration_ms, postgres() ? 20 : 0);
}

TEST_P(LedgerTest, WritesNothingWithoutTheLease) {
  auto connection = open_ready(who_);
  const auto lost = [&](const Request& request) {
    try {
      connection->execute(request);
    } catch (const Error& error) {
      return is_lease_lost(error);
    }
    return false;
  };
  EXPECT_TRUE(lost(record_applied(names(), migration("001", 1, who_))));
  EXPECT_TRUE(lost(journal_write(names(), {.migration = "001", .direction = "up"}, who_)));
  { Lease lease = Lease::acquire(*connection, names(), who_, {}); }
  EXPECT_TRUE(lost(record_applied(names(), migration("001", 1, who_)))) << "a released lease is nobody's";
  EXPECT_TRUE(Ledger::read(*connection, names()).rows().empty());
}

TEST_P(LedgerTest, JournalKeepsWhatIsUnfinished) {
  auto connection = open_ready(who_);
  Lease lease = Lease::acquire(*connection, names(), who_, {});
  JournalEntry entry{who_.run_id, "001", "up", 1, StepState::started, "d1", "{\"a\":\"b\"}", ""};
  connection->execute(journal_write(names(), entry, who_));
  entry.step = 0;
  entry.state = StepState::done;
  connection->execute(journal_write(names(), entry, who_));
  EXPECT_EQ(Ledger::read(*connection, names()).unfinished(), 2);
  const auto entries = read_unfinished(*connection, names());
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].step, 0);
  EXPECT_EQ(entries[0].state, StepState::done);
  EXPECT_EQ(entries[1].state, StepState::started);
  EXPECT_EQ(entries[1].digest, "d1");
  EXPECT_EQ(entries[1].cursor, "{\"a\":\"b\"}");
  EXPECT_FALSE(entries[1].updated_at.empty());
  connection->execute(journal_forget(names(), entries[0]));
  EXPECT_EQ(read_unfinished(*connection, names()).size(), 1u);
  connection->execute(journal_clear(names(), "001"));
  EXPECT_EQ(Ledger::read(*connection, names()).unfinished(), 0);
}

}  // namespace
}  // namespace martlet
