// Whatever kind of step a run was killed at: it is taken back to what was there before, and it goes on to the end.
#include <gtest/gtest.h>
#include <signal.h>

#include "sql/statement.h"
#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

constexpr std::string_view kSetup = R"(
CREATE TABLE buyers (id int PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, buyer int, code text, amount int);
CREATE INDEX orders_amount ON orders (amount) WHERE amount > 5;
CREATE TABLE parts (id bigint, at date) PARTITION BY RANGE (id);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (5000);
CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (5000) TO (10000);
CREATE TABLE parts_next (id bigint, at date);
CREATE TABLE places (id bigint, side text) PARTITION BY LIST (side);
CREATE TABLE places_north PARTITION OF places FOR VALUES IN ('north', NULL);
CREATE TABLE places_rest PARTITION OF places DEFAULT;
CREATE INDEX ON places (id);
INSERT INTO places SELECT g, CASE WHEN g % 2 = 0 THEN 'north' ELSE 'south' END FROM generate_series(1, 1000) g;
CREATE MATERIALIZED VIEW totals AS SELECT id, amount FROM orders;
CREATE UNIQUE INDEX totals_id ON totals (id);
ALTER TABLE orders ADD COLUMN needed int NOT NULL DEFAULT 1;
ALTER TABLE orders ALTER COLUMN needed DROP DEFAULT;
INSERT INTO buyers SELECT g FROM generate_series(1, 100) g;
INSERT INTO orders SELECT g, 1 + g % 100, 'c' || g, g, 1 FROM generate_series(1, 5000) g;
INSERT INTO parts SELECT g, '2026-01-01' FROM generate_series(1, 9999) g;
INSERT INTO parts_next SELECT g, '2026-01-01' FROM generate_series(10000, 14999) g;
REFRESH MATERIALIZED VIEW totals;
ANALYZE)";

struct Kind {
  const char* name;
  const char* sql;
};
void PrintTo(const Kind& kind, std::ostream* stream) {
  *stream << kind.name;
}

class KindOfStep : public ::testing::TestWithParam<std::tuple<Kind, const char*>> {
 protected:
  void SetUp() override {
    const auto connection = database_.connect();
    for (const Statement& each : split({std::string(kSetup), "setup"}, Dialect::postgres)) {
      connection->execute(each.text);
    }
    project_.write("V001__change.sql",
                   std::string(std::get<Kind>(GetParam()).sql) + "\n-- martlet:irreversible \"a test\"\n");
  }
  // Every scan is too long: everything runs in its safe form.
  Finished run(std::vector<std::string> arguments, const std::string& failpoint = "") const {
    return project_.run(database_.url(), std::move(arguments),
                        {{"MARTLET_MAX_BLOCK", "0ms"}, {"MARTLET_PHASES", "apart"}, {"MARTLET_FAILPOINT", failpoint}});
  }
  std::string schema() const {
    return dump_schema(*database_.connect(), database_.url(), HistoryNames::make({}, Dialect::postgres));
  }
  std::string invalid() const {
    return database_.value("SELECT string_agg(indexrelid::regclass::text, ' ') FROM pg_index WHERE NOT indisvalid");
  }
  // False where the run ends before it gets there.
  bool killed_at(const std::string& failpoint) const {
    const Finished finished = run({"up"}, failpoint);
    if (finished.signal == 0) EXPECT_EQ(finished.exit_code, 0) << finished;
    return finished.signal == SIGKILL;
  }

  Project project_;
  TestDatabase database_ = fresh_database();
};

// The first pass that does not come applies all of it.
TEST_P(KindOfStep, IsTakenBackFromEveryBoundary) {
  const std::string before = schema();
  for (int pass = 1;; ++pass) {
    const std::string where = std::string(std::get<const char*>(GetParam())) + ":" + std::to_string(pass);
    if (!killed_at(where)) return;
    const Finished undone = run({"resume", "--undo"});
    ASSERT_EQ(undone.exit_code, 0) << where << undone;
    ASSERT_EQ(schema(), before) << where;
    EXPECT_EQ(invalid(), "") << where;
    EXPECT_EQ(database_.value("SELECT (SELECT count(*) FROM martlet.plan) + (SELECT count(*) FROM martlet.journal)"),
              "0")
        << where;
  }
}

constexpr Kind kKinds[] = {
    {"ConcurrentIndex", "CREATE INDEX ON orders (buyer);"},
    {"NotNull", "ALTER TABLE orders ALTER COLUMN buyer SET NOT NULL;"},
    {"Unique", "ALTER TABLE orders ADD CONSTRAINT code_unique UNIQUE (code);"},
    {"ForeignKey", "ALTER TABLE orders ADD CONSTRAINT orders_buyers FOREIGN KEY (buyer) REFERENCES buyers (id);"},
    {"Check", "ALTER TABLE orders ADD CHECK (amount > 0), ALTER COLUMN code SET DEFAULT 'x';"},
    {"IndexOfPartitions", "CREATE INDEX parts_at ON parts (at);"},
    {"AttachedPartition", "ALTER TABLE parts ATTACH PARTITION parts_next FOR VALUES FROM (10000) TO (15000);"},
    {"DetachedPartition", "-- martlet:online\nALTER TABLE parts DETACH PARTITION parts_high;"},
    {"DetachedListPartition",
     "ALTER TABLE places DETACH PARTITION places_north;\n-- martlet:online\nDROP INDEX orders_amount;"},
    {"NewPartition", "CREATE TABLE parts_more PARTITION OF parts FOR VALUES FROM (20000) TO (30000);"},
    {"PrimaryKey", "ALTER TABLE parts_next ADD PRIMARY KEY (id);"},
    {"NotNullColumn", "ALTER TABLE orders ADD COLUMN mark int NOT NULL UNIQUE;"},
    {"DroppedIndex", "DROP INDEX orders_amount;"},
    {"RebuiltIndex", "REINDEX TABLE orders;"},
    {"RefreshedView", "REFRESH MATERIALIZED VIEW totals;"},
    {"VolatileDefault", "ALTER TABLE orders ADD COLUMN mark uuid NOT NULL DEFAULT gen_random_uuid();"},
    {"Identity", "ALTER TABLE orders ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;"},
    {"Serial", "ALTER TABLE orders ADD COLUMN number bigserial;"},
    {"RenamedColumn", "ALTER TABLE orders RENAME COLUMN amount TO total;"},
    {"DroppedRequiredColumn", "ALTER TABLE orders DROP COLUMN needed;\nCREATE INDEX ON orders (buyer);"},
    {"RenamedTable", "ALTER TABLE orders RENAME TO purchases;"},
    {"SetSchema", "CREATE SCHEMA shop;\nALTER TABLE buyers SET SCHEMA shop;"},
    {"New",
     "CREATE TABLE more (id int);\nCREATE INDEX ON more (id);\nCREATE VIEW seen AS SELECT id FROM orders;\n"
     "CREATE INDEX ON orders (code);\nALTER TABLE orders RENAME CONSTRAINT orders_pkey TO orders_key;"},
};

INSTANTIATE_TEST_SUITE_P(Of, KindOfStep,
                         ::testing::Combine(::testing::ValuesIn(kKinds),
                                            ::testing::Values("journal-after-started", "step-after-statement",
                                                              "journal-after-done")),
                         [](const auto& each) {
                           std::string name = std::get<Kind>(each.param).name;
                           for (const char c : std::string_view(std::get<const char*>(each.param))) {
                             if (c != '-') name += c;
                           }
                           return name;
                         });

}  // namespace
}  // namespace martlet::testing
