// Two databases with equal schemas give equal text, whatever way they came to it.
#include "schema/dump.h"

#include <gmock/gmock.h>

#include "tests/history/fixture.h"

namespace martlet {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class DumpTest : public HistoryTest {
 protected:
  std::string dump(Connection& connection) { return dump_schema(connection, url_, names()); }
};
INSTANTIATE_TEST_SUITE_P(Each, DumpTest, ::testing::Values(Dialect::postgres, Dialect::sqlite), dialect_of);

TEST_P(DumpTest, IsTheSameAfterADetour) {
  options_.view = "public.published";
  auto connection = open();
  connection->execute("CREATE TABLE orders (id int PRIMARY KEY, note text DEFAULT 'a  b')");
  connection->execute("CREATE INDEX orders_note ON orders (note)");
  const std::string before = dump(*connection);
  EXPECT_THAT(before, HasSubstr("orders_note"));
  bootstrap_history(*connection, names(), options_);
  connection->execute("ALTER TABLE orders RENAME TO o");
  connection->execute("CREATE VIEW v AS SELECT id FROM o");
  EXPECT_NE(dump(*connection), before);
  connection->execute("DROP VIEW v");
  connection->execute("ALTER TABLE o RENAME TO orders");
  EXPECT_EQ(dump(*connection), before);
}

TEST_P(DumpTest, LeavesOutATableOfMartletsOwnButNotItsNamesakes) {
  options_.schema = postgres() ? "public" : "martlet";
  auto connection = open_ready();
  connection->execute("CREATE TABLE lease (id int)");
  const std::string text = dump(*connection);
  EXPECT_THAT(text, HasSubstr("lease"));
  EXPECT_THAT(text, Not(HasSubstr("process_mark")));
}

TEST(PostgresDump, SaysWhatPgDumpSaid) {
  const testing::TestDatabase database = testing::fresh_database();
  const testing::TestRole role(database);
  database.query("CREATE TABLE secret (x int)");
  auto connection = open_connection(database.url());
  try {
    dump_schema(*connection, database.url_as(role.name()), {});
    FAIL() << "pg_dump read a table it may not lock";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::connection);
    EXPECT_THAT(error.detail, HasSubstr("permission denied for table secret"));
  }
}

}  // namespace
}  // namespace martlet
