// Obvious SQL on a table that an application reads and writes all the while: nobody fails, nobody queues behind
// martlet, every row is right, and the schema is the one of the statement.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "sql/statement.h"
#include "tests/load/application.h"
#include "tests/load/observer.h"
#include "tests/run/fault.h"
#include "tests/support/pgbouncer.h"

namespace martlet::testing {
namespace {

using ::testing::IsEmpty;

// A million in ./dev soak.
std::int64_t row_count() {
  return std::getenv("MARTLET_SOAK") != nullptr ? 1'000'000 : 100'000;
}

// lock_wait is 100 ms; a server on a loaded machine notices its timeouts late. Whoever waits for the long reader
// without a limit waits for as long as that holds its lock.
constexpr double kLongestWait = 2'000;

struct LoadCase {
  std::string name, sql;
};

void PrintTo(const LoadCase& one, std::ostream* out) {
  *out << one.name;
}

class UnderLoad : public ::testing::TestWithParam<LoadCase> {
 protected:
  static void prepare(const TestDatabase& database) {
    const auto connection = database.connect();
    connection->execute("CREATE TABLE buyers (id int PRIMARY KEY)");
    connection->execute("INSERT INTO buyers SELECT g FROM generate_series(1, 100) g");
    connection->execute("CREATE TABLE orders (id bigint PRIMARY KEY, buyer int, code text, amount bigint)");
    connection->execute("INSERT INTO orders SELECT g, 1 + g % 100, 'c' || g, 0 FROM generate_series(1, $1::bigint) g",
                        {std::to_string(row_count())});
    connection->execute("ANALYZE");
  }
  static std::string schema(const TestDatabase& database) {
    return dump_schema(*database.connect(), database.url(), HistoryNames::make({}, Dialect::postgres));
  }
};

TEST_P(UnderLoad, TheApplicationGoesOn) {
  const TestDatabase database = fresh_database();
  const TestDatabase plain = fresh_database();
  prepare(database);
  prepare(plain);
  const auto other = plain.connect();
  for (const Statement& each : split({GetParam().sql, "case"}, Dialect::postgres)) other->execute(each.text);

  Project project;
  project.write("V001__change.sql", GetParam().sql);
  const PgBouncer pooler(cluster());
  Application application(database.url(),
                          {.writers = 3, .readers = 2, .rows = row_count(), .pooled = pooler.url(database.url())});
  Observer observer(database.url());
  // A report that reads the table for as long as the first attempts last stands in the way of every strong lock.
  const auto reader = database.connect();
  reader->execute("BEGIN");
  reader->execute("SELECT count(*) FROM orders WHERE id < 10");
  Process up = project.start(database.url(), {"up"}, {{"MARTLET_MAX_BLOCK", "1ms"}, {"MARTLET_LOCK_DEADLINE", "5min"}});
  EXPECT_TRUE(eventually([&] { return up.err().find("waiting for") != std::string::npos || !up.running(); }));
  const std::int64_t before = application.statements();
  EXPECT_TRUE(eventually([&] { return application.statements() > before + 20; })) << "the application waits, too";
  reader->execute("COMMIT");
  const Finished finished = up.wait();
  application.stop();
  const Sightings seen = observer.sightings();

  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(application.errors(), IsEmpty());
  EXPECT_EQ(application.wrong_rows(), "");
  EXPECT_EQ(schema(database), schema(plain));
  EXPECT_GT(seen.looks, 0);
  EXPECT_LT(seen.longest_wait_ms, kLongestWait);
  EXPECT_EQ(seen.blocking_work, "");
}

// The observer is worth something: it sees the statement itself queue, with the application behind it.
TEST(Observer, SeesWhoQueuesWithoutALimit) {
  const TestDatabase database = fresh_database();
  database.query("CREATE TABLE orders (id bigint PRIMARY KEY, buyer int, code text, amount bigint)");
  database.query("INSERT INTO orders SELECT g, 1, '', 0 FROM generate_series(1, 10) g");
  const auto reader = database.connect();
  reader->execute("BEGIN");
  reader->execute("SELECT count(*) FROM orders");
  Observer observer(database.url());
  Application application(database.url(), {.writers = 1, .readers = 1, .rows = 10});
  std::thread naive([&] {
    const auto connection = database.connect({.application_name = "martlet-naive"});
    connection->execute("ALTER TABLE orders ALTER COLUMN buyer SET NOT NULL");
  });
  EXPECT_TRUE(eventually([&] { return observer.longest_wait_ms() > kLongestWait; }));
  reader->execute("COMMIT");
  naive.join();
}

INSTANTIATE_TEST_SUITE_P(
    Obvious, UnderLoad,
    ::testing::Values(
        LoadCase{"SetNotNull", "ALTER TABLE orders ALTER COLUMN buyer SET NOT NULL;"},
        LoadCase{"CreateIndex", "CREATE INDEX orders_code ON orders (code);"},
        LoadCase{"AddUnique", "ALTER TABLE orders ADD CONSTRAINT orders_code UNIQUE (code);"},
        LoadCase{"AddForeignKey",
                 "ALTER TABLE orders ADD CONSTRAINT orders_buyer FOREIGN KEY (buyer) REFERENCES buyers (id);"},
        LoadCase{"AddCheck", "ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount >= 0);"},
        LoadCase{"Several",
                 "ALTER TABLE orders ADD COLUMN note text DEFAULT 'none', ADD CONSTRAINT positive CHECK (amount >= 0), "
                 "ALTER COLUMN code SET NOT NULL;\nCREATE INDEX orders_buyer ON orders (buyer);"},
        LoadCase{"AddFilledColumn", "ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();"},
        LoadCase{"Batches",
                 "ALTER TABLE orders ADD COLUMN cents bigint;\n-- martlet:batch\n"
                 "UPDATE orders SET cents = id * 100 WHERE cents IS NULL;"},
        LoadCase{"DropIndex", "CREATE INDEX orders_code ON orders (code);\nDROP INDEX orders_code;"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace martlet::testing
