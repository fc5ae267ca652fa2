// Martlet's tables: made by whoever comes first, upgraded, published, and never mistaken for another tool's.
#include <gmock/gmock.h>

#include "history/format.h"
#include "tests/history/fixture.h"

namespace martlet {
namespace {

using ::testing::HasSubstr;

class BootstrapTest : public HistoryTest {
 protected:
  // The message of the error, with what to do next.
  std::string failure(Connection& connection) {
    try {
      bootstrap_history(connection, names(), options_);
    } catch (const Error& error) {
      kind_ = error.kind;
      return error.message + " / " + error.next_step;
    }
    return "no error";
  }
  void make_format(Connection& connection, int format) {
    for (int to = 1; to <= format; ++to) {
      const auto statements = postgres() ? postgres_upgrade(names(), to) : sqlite_upgrade(names(), to);
      for (const std::string& statement : statements) connection.execute(statement);
      connection.execute("INSERT INTO " + names().format + " (number, tool_version) VALUES ($1, '0.1.0')",
                         {std::to_string(to)});
    }
    connection.execute("UPDATE " + names().lease + " SET epoch = 7");
  }
  ErrorKind kind_ = ErrorKind::usage;
};
INSTANTIATE_TEST_SUITE_P(Each, BootstrapTest, ::testing::Values(Dialect::postgres, Dialect::sqlite), dialect_of);

TEST_P(BootstrapTest, MakesTheTablesOnce) {
  auto connection = open();
  EXPECT_FALSE(Ledger::read(*connection, names()).exists());
  bootstrap_history(*connection, names(), options_);
  bootstrap_history(*connection, names(), options_);
  EXPECT_TRUE(Ledger::read(*connection, names()).exists());
  EXPECT_EQ(connection->execute("SELECT count(*) FROM " + names().lease).rows[0][0], "1");
  EXPECT_EQ(connection->execute("SELECT count(*) FROM " + names().format).rows[0][0], std::to_string(kHistoryFormat));
}

// What an older martlet left: the tables of its format, with a run recorded in them.
TEST_P(BootstrapTest, LeadsEveryOlderFormatToThisOne) {
  for (int from = 1; from < kHistoryFormat; ++from) {
    options_.table = "made_by_format_" + std::to_string(from);
    auto connection = open();
    if (postgres()) connection->execute("CREATE SCHEMA IF NOT EXISTS martlet");
    make_format(*connection, from);
    EXPECT_TRUE(Ledger::read(*connection, names()).exists()) << "an older format can be read as it is";
    bootstrap_history(*connection, names(), options_);
    EXPECT_EQ(connection->execute("SELECT epoch FROM " + names().lease).rows[0][0], "7") << "what was there is kept";
    EXPECT_EQ(connection->execute("SELECT count(*) FROM " + names().control).rows[0][0], "1");
    EXPECT_EQ(connection->execute("SELECT max(number) FROM " + names().format).rows[0][0],
              std::to_string(kHistoryFormat));
  }
}

TEST_P(BootstrapTest, EightProcessesRaceAndAllSucceed) {
  options_.view = "public.published";
  std::vector<Forked> children;
  for (int i = 0; i < 8; ++i) {
    children.emplace_back([this] {
      auto connection = open();
      bootstrap_history(*connection, names(), options_);
      if (!Ledger::read(*connection, names()).exists()) throw Error(ErrorKind::usage, "no ledger");
    });
  }
  for (Forked& child : children) EXPECT_EQ(child.wait(), 0);
  auto connection = open();
  EXPECT_EQ(connection->execute("SELECT count(*) FROM " + names().lease).rows[0][0], "1");
}

TEST_P(BootstrapTest, RefusesTablesOfANewerMartlet) {
  auto connection = open_ready();
  connection->execute("INSERT INTO " + names().format + " (number, tool_version) VALUES (99, '7.0.0')");
  EXPECT_THAT(failure(*connection), HasSubstr("written by martlet 7.0.0; this is martlet " MARTLET_VERSION));
  EXPECT_EQ(kind_, ErrorKind::validation);
  EXPECT_THROW(Ledger::read(*connection, names()), Error);
  connection->execute("ALTER TABLE " + names().ledger + " RENAME COLUMN checksum TO digest");
  try {
    Ledger::read(*connection, names());
    FAIL() << "read a ledger whose columns it does not know";
  } catch (const Error& error) {
    EXPECT_THAT(error.message, HasSubstr("7.0.0"));
  }
}

TEST_P(BootstrapTest, RefusesTheTableOfAnotherTool) {
  auto connection = open();
  options_.schema = postgres() ? "public" : "martlet";
  connection->execute(postgres() ? "CREATE TABLE public.schema_migrations (version bigint, dirty bool)"
                                 : "CREATE TABLE martlet_schema_migrations (version bigint, dirty bool)");
  EXPECT_THAT(failure(*connection), HasSubstr("exists, and it is not martlet's"));
  EXPECT_EQ(kind_, ErrorKind::validation);
  EXPECT_FALSE(connection->in_transaction());
}

TEST_P(BootstrapTest, PublishesTheView) {
  options_.view = "public.schema_migrations";
  auto connection = open_ready();
  EXPECT_EQ(connection->execute("SELECT version, state FROM schema_migrations ORDER BY version").rows.size(), 0u);
  bootstrap_history(*connection, names(), options_);

  options_.view = "public.taken";
  connection->execute("CREATE TABLE taken (x int)");
  EXPECT_THAT(failure(*connection), HasSubstr("public.taken cannot be made: something else has that name"));
  EXPECT_EQ(kind_, ErrorKind::validation);
  connection->execute("DROP TABLE taken");
  connection->execute("CREATE VIEW taken AS SELECT 1 AS x");
  EXPECT_THAT(failure(*connection), HasSubstr("something else has that name"));
}

TEST_P(BootstrapTest, TakesNamesWithQuotesSpacesAndUnicode) {
  options_.schema = "it's \"ours\" ünï";
  options_.table = "the ledger";
  auto connection = open_ready();
  EXPECT_TRUE(Ledger::read(*connection, names()).exists());
  EXPECT_THAT(names().journal, HasSubstr("the ledger_journal"));
}

TEST_P(BootstrapTest, RefusesNamesThatAreTooLong) {
  options_.table = std::string(60, 'x');
  EXPECT_THROW(names(), Error);
}

TEST(Bootstrap, NamesTheMissingPrivilege) {
  const testing::TestDatabase database = testing::fresh_database();
  const testing::TestRole role(database);
  const auto failure = [&]() -> std::string {
    auto connection = open_connection(database.url_as(role.name()));
    try {
      bootstrap_history(*connection, HistoryNames::make({}, Dialect::postgres), {});
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::connection);
      return error.message + " / " + error.next_step;
    }
    return "no error";
  };
  const std::string quoted = "\"" + role.name() + "\"";
  const std::string no_schema = failure();
  EXPECT_THAT(no_schema, HasSubstr("role " + quoted + " may not create the schema \"martlet\" in database"));
  EXPECT_THAT(no_schema, HasSubstr("GRANT CREATE ON DATABASE \"" + database.name() + "\" TO " + quoted));
  database.query("CREATE SCHEMA martlet");
  EXPECT_THAT(failure(), HasSubstr("GRANT USAGE, CREATE ON SCHEMA \"martlet\" TO " + quoted));
  database.query("GRANT USAGE, CREATE ON SCHEMA martlet TO " + quoted);
  EXPECT_EQ(failure(), "no error");
}

}  // namespace
}  // namespace martlet
