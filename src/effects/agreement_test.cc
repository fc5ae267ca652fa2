#include "effects/agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace martlet {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum LockMode;

RelationEffect on(const std::string& name, std::vector<LockMode> locks, RelationKind kind = RelationKind::table) {
  return {.id = static_cast<ObjectId>(name.size()),
          .schema = "public",
          .name = name,
          .kind = kind,
          .locks = std::move(locks)};
}

Effects effects_of(std::vector<RelationEffect> relations) {
  Effects effects;
  effects.relations = std::move(relations);
  return effects;
}

TEST(Agreement, IsAboutTheStrongestLockFromRowExclusiveOn) {
  const Effects predicted = effects_of({on("t", {access_exclusive}), on("index", {access_share})});
  EXPECT_THAT(disagreements(predicted, effects_of({on("t", {share, access_exclusive})})), IsEmpty());
  EXPECT_THAT(disagreements(predicted, effects_of({on("t", {share})})),
              ElementsAre("lock on t: predicted AccessExclusive, measured Share"));
  EXPECT_THAT(disagreements(effects_of({}), effects_of({on("t", {row_exclusive})})),
              ElementsAre("lock on t: predicted none, measured RowExclusive"));
}

TEST(Agreement, IsAboutSetsByName) {
  RelationEffect rewritten = on("t", {access_exclusive});
  rewritten.rewrite = true;
  RelationEffect scanned = on("t", {access_exclusive});
  scanned.scan = true;
  EXPECT_THAT(disagreements(effects_of({rewritten}), effects_of({scanned})),
              ElementsAre("rewrite: predicted, did not happen: t"));
  RelationEffect rebuilt = on("i", {access_exclusive}, RelationKind::index);
  const Effects kept = effects_of({rebuilt});
  rebuilt.rebuilt = true;
  EXPECT_THAT(disagreements(kept, effects_of({rebuilt})), ElementsAre("rebuilt: not predicted: i"));
}

TEST(Agreement, LeavesOutTheServersCatalogs) {
  RelationEffect catalog = on("pg_class", {share});
  catalog.schema = "pg_catalog";
  EXPECT_THAT(disagreements(effects_of({catalog}), effects_of({})), IsEmpty());
}

TEST(Agreement, OfWhatFailsNothingElseCounts) {
  Effects fails = effects_of({});
  fails.error = {"42P01", "relation \"t\" does not exist"};
  Effects fails_otherwise;
  fails_otherwise.error = {"42703", "column \"a\" does not exist"};
  EXPECT_THAT(disagreements(fails, fails_otherwise), IsEmpty());
  EXPECT_THAT(disagreements(effects_of({on("t", {share})}), fails),
              ElementsAre("predicted no error, measured 42P01 relation \"t\" does not exist"));
  Effects refused;
  refused.transactional = false;
  Effects measured = fails;
  measured.transactional = false;
  EXPECT_THAT(disagreements(refused, measured), IsEmpty());
  EXPECT_THAT(disagreements(effects_of({}), measured),
              ElementsAre("predicted transactional, measured refused in a transaction block"));
}

TEST(Agreement, OnlyTheRowsDecideWhetherAKeyIsUnique) {
  Effects measured;
  measured.error = {"23505", "could not create unique index"};
  EXPECT_TRUE(is_up_to_the_rows({}, measured));
  EXPECT_FALSE(is_up_to_the_rows(measured, measured));
  measured.error = {"23502", "column contains null values"};
  EXPECT_FALSE(is_up_to_the_rows({}, measured));
}

TEST(Agreement, LocksOfLaterStatementsAreAdded) {
  Effects whole = effects_of({on("t", {share})});
  RelationEffect later = on("t", {row_exclusive, access_exclusive});
  later.scan = true;
  add_later(whole, effects_of({later, on("other", {share})}));
  ASSERT_EQ(whole.relations.size(), 2U);
  EXPECT_THAT(whole.relations[0].locks, ElementsAre(row_exclusive, share, access_exclusive));
  EXPECT_TRUE(whole.relations[0].scan);
  Effects fails;
  fails.error = {"42P01", "gone"};
  add_later(whole, fails);
  EXPECT_TRUE(whole.error);
  EXPECT_THAT(whole.relations, IsEmpty());
}

}  // namespace
}  // namespace martlet
