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

}  // namespace
}  // namespace martlet
