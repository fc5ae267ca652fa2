// The audit is a chain: whatever is changed or taken out of it shows.
#include <gmock/gmock.h>

#include "tests/history/fixture.h"

namespace martlet {
namespace {

class AuditTest : public HistoryTest {
 protected:
  AuditTest() : connection_(open_ready(who_)) {}

  void write(int events) {
    Audit audit = Audit::open(*connection_, names());
    for (int i = 0; i < events; ++i) {
      connection_->execute(audit.append({.event = "applied",
                                         .migration = "00" + std::to_string(i),
                                         .version_before = "a",
                                         .version_after = "b",
                                         .ticket = "T-1",
                                         .detail = "ünï \"quoted\"",
                                         .duration_ms = i},
                                        who_));
    }
  }
  long long first_broken() { return Audit::first_broken(Audit::read(*connection_, names())); }

  Identity who_ = Identity::detect("ana", "");
  std::unique_ptr<Connection> connection_;
};
INSTANTIATE_TEST_SUITE_P(Each, AuditTest, ::testing::Values(Dialect::postgres, Dialect::sqlite), dialect_of);

TEST_P(AuditTest, KeepsAChainAcrossRuns) {
  write(3);
  write(2);
  const auto events = Audit::read(*connection_, names());
  ASSERT_EQ(events.size(), 5u);
  EXPECT_EQ(Audit::first_broken(events), 0);
  EXPECT_EQ(events[0].number, 5);
  EXPECT_EQ(events[0].previous_hash, events[1].hash);
  EXPECT_EQ(events[4].previous_hash, "");
  EXPECT_EQ(events[0].actor, "ana");
  EXPECT_EQ(events[0].role, postgres() ? "postgres" : "");
  EXPECT_EQ(events[0].ticket, "T-1");
  EXPECT_THAT(events[0].at, ::testing::MatchesRegex("20..-..-..T..:..:..\\....Z"));
  EXPECT_EQ(Audit::first_broken({}), 0);
}

TEST_P(AuditTest, ShowsEveryChangeOfAField) {
  write(3);
  for (const std::string column : {"event", "migration", "version_before", "version_after", "actor", "role", "host",
                                   "ci", "ticket", "run_id", "detail", "previous_hash", "hash"}) {
    Transaction transaction(*connection_);
    connection_->execute("UPDATE " + names().audit + " SET " + column + " = 'changed' WHERE number = 2");
    EXPECT_EQ(first_broken(), 2) << column;
  }
  for (const std::string& change :
       {std::string("duration_ms = 77"), std::string("number = 7"),
        std::string(postgres() ? "at = at + interval '1 second'" : "at = replace(at, '20', '19')")}) {
    Transaction transaction(*connection_);
    connection_->execute("UPDATE " + names().audit + " SET " + change + " WHERE number = 2");
    EXPECT_EQ(first_broken(), 2) << change;
  }
  EXPECT_EQ(first_broken(), 0);
}

TEST_P(AuditTest, ShowsARowTakenOut) {
  write(4);
  connection_->execute("DELETE FROM " + names().audit + " WHERE number = 2");
  EXPECT_EQ(first_broken(), 2);
  connection_->execute("DELETE FROM " + names().audit + " WHERE number = 1");
  EXPECT_EQ(first_broken(), 1);
}

TEST_P(AuditTest, GoesOnAfterARollback) {
  write(1);
  Audit audit = Audit::open(*connection_, names());
  {
    Transaction transaction(*connection_);
    connection_->execute(audit.append({.event = "applied"}, who_));
    connection_->execute(audit.append({.event = "applied"}, who_));
  }
  audit.rewind();
  std::vector<Request> requests{
      {"BEGIN", {}}, audit.append({.event = "a"}, who_), audit.append({.event = "b"}, who_), {"COMMIT", {}}};
  connection_->pipeline(requests, [](Completion&&) {});
  audit.confirm();
  audit.rewind();
  connection_->execute(audit.append({.event = "c"}, who_));
  EXPECT_EQ(Audit::read(*connection_, names()).size(), 4u);
  EXPECT_EQ(first_broken(), 0);
}

TEST_P(AuditTest, NeverForks) {
  Audit one = Audit::open(*connection_, names());
  Audit two = Audit::open(*connection_, names());
  connection_->execute(one.append({.event = "a"}, who_));
  EXPECT_THROW(connection_->execute(two.append({.event = "b"}, who_)), Error);
}

TEST_P(AuditTest, MasksPasswords) {
  Audit audit = Audit::open(*connection_, names());
  connection_->execute(audit.append({.event = "failed", .detail = "postgres://ana:s3cret@db/shop refused"}, who_));
  EXPECT_EQ(Audit::read(*connection_, names())[0].detail, "postgres://ana:***@db/shop refused");
  EXPECT_EQ(first_broken(), 0);
}

}  // namespace
}  // namespace martlet
