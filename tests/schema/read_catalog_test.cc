// The reader against a live server: tests/schema/nasty.sql has every fact of the model at least once.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "db/connection.h"
#include "schema/catalog.h"
#include "schema/description.h"
#include "schema/difference.h"
#include "sql/statement.h"
#include "tests/support/cluster.h"
#include "tests/support/errors.h"

namespace martlet {
namespace {

using ::testing::ElementsAre;
using testing::fresh_database;
using ::testing::IsEmpty;
using testing::TestDatabase;

const std::filesystem::path kFolder = std::filesystem::path(MARTLET_SOURCE_DIR) / "tests/schema";

void run_script(Connection& connection, const std::string& sql) {
  for (const Statement& each : split({.text = sql, .file = "script.sql"}, Dialect::postgres))
    connection.execute(each.text);
}

/// The nasty schema in a database of its own; the session that made it keeps its temporary table.
class NastyCatalog : public ::testing::Test {
 protected:
  NastyCatalog() : connection_(database_.connect()) {
    run_script(*connection_, read_file(kFolder / "nasty.sql"));
    catalog_ = read_catalog(*connection_);
  }

  const Relation& relation(std::string_view schema, std::string_view name) const {
    const Relation* found = catalog_.relations.find(schema, name);
    if (!found) throw std::runtime_error("no relation " + std::string(name));
    return *found;
  }
  const Constraint& constraint(std::string_view table, std::string_view name) const {
    const Constraint* found = relation("public", table).constraint(name);
    if (!found) throw std::runtime_error("no constraint " + std::string(name));
    return *found;
  }
  const Relation& lines() const { return relation("Sales Dept", "Order \"Lines\""); }

  TestDatabase database_ = fresh_database();
  std::unique_ptr<Connection> connection_;
  Catalog catalog_;
};

TEST_F(NastyCatalog, IsWholeAndConnected) {
  EXPECT_TRUE(catalog_.complete);
  EXPECT_EQ(catalog_.server_version / 10000, 15);
  const Relation& target = relation("public", "target");
  EXPECT_THAT(target.referrers, ElementsAre(lines().id));
  EXPECT_EQ(target.indexes.size(), 2);
  EXPECT_EQ(target.columns.size(), 3);
  EXPECT_THAT(relation("public", "parted").children,
              ::testing::UnorderedElementsAre(relation("public", "parted_1").id, relation("public", "parted_rest").id));
  EXPECT_THAT(relation("public", "lines").dependents, ElementsAre(relation("public", "lines_again").id));
  EXPECT_NE(catalog_.relations.find("pg_temp", "mine"), nullptr);
  EXPECT_NE(catalog_.relations.find("pg_catalog", "pg_class"), nullptr);
}

std::string text_of(const CatalogDescription& description) {
  std::string text;
  for (const auto& [name, object] : description) {
    text += name + "\n";
    for (const auto& [attribute, fact] : object.facts) {
      if (!fact.value.empty()) text += "  " + attribute + ": " + fact.value + "\n";
    }
  }
  return text;
}

// Every fact, one a line. With MARTLET_REBASELINE set, the file is written anew: read the difference.
TEST_F(NastyCatalog, HasEveryFact) {
  const std::filesystem::path path = kFolder / "nasty.catalog";
  const std::string text = text_of(describe(catalog_));
  if (std::getenv("MARTLET_REBASELINE") != nullptr) write_file(path, text);
  EXPECT_EQ(split_lines(text), split_lines(read_file(path)));
}

TEST_F(NastyCatalog, LeavesTheSessionAsItWas) {
  EXPECT_FALSE(connection_->in_transaction());
  connection_->execute("BEGIN");
  connection_->execute("SET LOCAL search_path = \"Sales Dept\"");
  connection_->execute("CREATE TABLE uncommitted (id int)");
  const Catalog inside = read_catalog(*connection_);
  EXPECT_NE(inside.relations.find("Sales Dept", "uncommitted"), nullptr);
  EXPECT_EQ(connection_->execute("SHOW search_path").rows.at(0).at(0), "\"Sales Dept\"");
  EXPECT_EQ(connection_->execute("SHOW lock_timeout").rows.at(0).at(0), "0");
  connection_->execute("COMMIT");
}

// Facts that no name or text tells.
TEST_F(NastyCatalog, KnowsWhatExpressionsCall) {
  const auto volatility = [&](std::string_view column) { return lines().column(column)->default_volatility; };
  EXPECT_EQ(volatility("price"), Volatility::immutable);
  EXPECT_EQ(volatility("note"), Volatility::immutable);
  EXPECT_EQ(volatility("doubled"), Volatility::immutable);
  EXPECT_EQ(volatility("made"), Volatility::stable);
  EXPECT_EQ(volatility("today"), Volatility::stable);
  EXPECT_EQ(volatility("random"), Volatility::volatile_);
  EXPECT_EQ(volatility("id"), Volatility::volatile_);
}

TEST_F(NastyCatalog, KnowsSizesOnceTheyAreMeasured) {
  const Relation& parent = relation("public", "parent");
  EXPECT_EQ(parent.tuples, 5000);
  EXPECT_GT(parent.pages, 10);
  EXPECT_EQ(parent.column("id")->average_width, 4);
  EXPECT_EQ(relation("public", "quick").tuples, -1);
  EXPECT_EQ(relation("public", "quick").pages, -1);
}

TEST_F(NastyCatalog, IsTheSameForARoleThatMayDoNothing) {
  const testing::TestRole role(database_);
  connection_->execute("REVOKE ALL ON SCHEMA public FROM PUBLIC");
  const auto nobody = open_connection(database_.url_as(role.name()));
  EXPECT_EQ(nobody->execute("SELECT has_schema_privilege('public', 'USAGE')").rows.at(0).at(0), "f");
  const Catalog seen = read_catalog(*nobody);
  EXPECT_EQ(to_text(catalog_difference(read_catalog(*database_.connect()), seen)), "");
  EXPECT_EQ(seen.relations.find("public", "parent")->column("id")->average_width, 0);
}

TEST_F(NastyCatalog, DoesNotWaitForLocks) {
  const auto holder = database_.connect();
  holder->execute("BEGIN");
  holder->execute("LOCK TABLE ONLY parent IN ACCESS EXCLUSIVE MODE");
  holder->execute("LOCK TABLE target IN ACCESS EXCLUSIVE MODE");
  catalog_ = read_catalog(*connection_);
  EXPECT_TRUE(relation("public", "parent").partly_read);
  EXPECT_EQ(constraint("parent", "parent_id_check").expression, "");
  EXPECT_EQ(relation("public", "parent").column("name")->default_sql, "'p'::text");
  EXPECT_FALSE(relation("public", "child").partly_read);
  EXPECT_EQ(constraint("child", "local_too").expression, "extra > 0");
  EXPECT_EQ(relation("public", "lines").view->definition, "");
  EXPECT_THAT(relation("public", "lines_again").view->definition, ::testing::HasSubstr("FROM public.lines"));
  EXPECT_EQ(lines().policies.at(0).using_sql, "");
  holder->execute("ROLLBACK");
  catalog_ = read_catalog(*connection_);
  EXPECT_FALSE(relation("public", "parent").partly_read);
  EXPECT_EQ(constraint("parent", "parent_id_check").expression, "id > 0");
  EXPECT_THAT(relation("public", "lines").view->definition, ::testing::HasSubstr("JOIN public.target"));
}

TEST(ReadCatalog, ReadsThousandsOfTables) {
  const auto database = fresh_database();
  const auto connection = database.connect();
  connection->execute("CREATE TABLE target (id int PRIMARY KEY)");
  for (int first = 1; first < 2000; first += 200) {
    connection->execute("DO $$ BEGIN FOR n IN " + std::to_string(first) + ".." + std::to_string(first + 199) +
                        " LOOP EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY, a int REFERENCES target CHECK "
                        "(a > %s), b text)', n, n); END LOOP; END $$");
  }
  const Catalog catalog = read_catalog(*connection);
  EXPECT_EQ(catalog.relations.find("public", "target")->referrers.size(), 2000);
  for (const int n : {1, 777, 2000}) {
    const std::string name = "t" + std::to_string(n);
    const Relation* table = catalog.relations.find("public", name);
    ASSERT_NE(table, nullptr) << name;
    EXPECT_EQ(table->columns.size(), 3);
    EXPECT_EQ(table->indexes.size(), 1);
    EXPECT_EQ(table->constraint(name + "_a_check")->expression, "a > " + std::to_string(n));
    EXPECT_EQ(catalog.relations.get(table->column("id")->owned_sequence)->name, name + "_id_seq");
  }
}

TEST(ReadCatalog, IsAboutPostgresOnly) {
  const auto connection = open_connection(Url::parse("sqlite::memory:"));
  EXPECT_EQ(testing::error_of([&] { read_catalog(*connection); }).kind, ErrorKind::internal);
}

}  // namespace
}  // namespace martlet
