// How a run at work hears of what is wished of it.
#include "watch/helm.h"

#include <gtest/gtest.h>

#include "history/ledger.h"
#include "tests/support/cluster.h"
#include "tests/support/process.h"

namespace martlet::testing {
namespace {

class AtTheHelm : public ::testing::Test {
 protected:
  void SetUp() override {
    bootstrap_history(*other_, names_, {});
    database_.query("CREATE TABLE reports (n bigint)");
    database_.query(
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO public.reports VALUES (1); RETURN NULL; END $$");
    database_.query("CREATE TRIGGER note AFTER UPDATE ON martlet.control EXECUTE FUNCTION note()");
    helm_.start();
    EXPECT_TRUE(eventually([&] {
      helm_.safe_point();
      return reports() > 0;
    }));
  }
  long reports() const { return std::stol(database_.value("SELECT count(*) FROM reports")); }

  TestDatabase database_ = fresh_database();
  std::unique_ptr<Connection> other_ = database_.connect();
  const HistoryNames names_ = HistoryNames::make({}, Dialect::postgres);
  Observer observer_{database_.url()};
  Helm helm_{observer_, names_, "run-1", [](const Event&) {}};
};

// Each report is a commit.
TEST_F(AtTheHelm, ASafePointDoesNotReportEachTime) {
  constexpr long kSafePoints = 1000;
  const long before = reports();
  for (long i = 0; i < kSafePoints; ++i) helm_.safe_point();
  EXPECT_LT(reports() - before, kSafePoints / 2);
}

TEST_F(AtTheHelm, EachSafePointHearsAWishAllTheSame) {
  wish_of_run(*other_, names_, "run-1", Wish::abort, "ann");
  EXPECT_THROW(helm_.safe_point(), Error);
  wish_of_run(*other_, names_, "run-1", Wish::none, "ann");
  limit_run(*other_, names_, "run-1", "wal_rate=off");
  helm_.safe_point();
  EXPECT_EQ(helm_.limits(), "wal_rate=off");
}

TEST_F(AtTheHelm, WhatIsWishedOfAnotherRunIsNotMeant) {
  wish_of_run(*other_, names_, "run-2", Wish::abort, "ann");
  EXPECT_NO_THROW(helm_.safe_point());
}

}  // namespace
}  // namespace martlet::testing
