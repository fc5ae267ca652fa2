#include "hazard/sqlite_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "hazard/sqlite_model.h"

namespace martlet {

void PrintTo(const SqliteObject& object, std::ostream* stream) {
  *stream << object.type << " " << object.name << ": " << object.sql;
}

namespace {

Statement statement(const std::string& sql) {
  Statement made;
  made.text = sql;
  return made;
}

class SqliteExcursion : public ::testing::TestWithParam<std::vector<std::string>> {
 protected:
  SqliteExcursion() {
    for (const char* sql :
         {"CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT UNIQUE)",
          "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer REFERENCES customers (id), total)",
          "CREATE INDEX orders_total ON orders (total)", "CREATE VIEW big AS SELECT id FROM orders WHERE total > 100",
          "CREATE VIEW biggest AS SELECT max(id) FROM big",
          "CREATE TRIGGER touched AFTER INSERT ON orders BEGIN UPDATE customers SET email = lower(email); END"}) {
      EXPECT_FALSE(model.execute(statement(sql)).error) << sql;
    }
  }
  SqliteModel model{SqliteModel::Completeness::complete};
};

TEST_P(SqliteExcursion, LeavesTheSchemaAsItWas) {
  const SqliteSchema before = SqliteSchema::of(model.connection());
  model.mark();
  for (const std::string& sql : GetParam()) EXPECT_FALSE(model.execute(statement(sql)).error) << sql;
  EXPECT_NE(SqliteSchema::of(model.connection()).objects, before.objects);
  model.return_to_mark();
  const SqliteSchema after = SqliteSchema::of(model.connection());
  EXPECT_THAT(after.objects, ::testing::UnorderedElementsAreArray(before.objects));
  EXPECT_EQ(after.foreign_keys, before.foreign_keys);
  EXPECT_FALSE(model.connection().in_transaction());
  EXPECT_FALSE(model.execute(statement("DROP VIEW biggest")).error);
}

INSTANTIATE_TEST_SUITE_P(
    Each, SqliteExcursion,
    ::testing::Values(
        std::vector<std::string>{"DROP TABLE orders"},
        std::vector<std::string>{"DROP TABLE customers", "DROP VIEW big", "DROP TABLE orders"},
        std::vector<std::string>{"ALTER TABLE orders RENAME TO sales"},
        std::vector<std::string>{"ALTER TABLE orders RENAME COLUMN total TO amount",
                                 "CREATE INDEX orders_customer ON orders (customer)"},
        std::vector<std::string>{"ALTER TABLE customers ADD COLUMN name", "DROP INDEX orders_total"},
        std::vector<std::string>{"PRAGMA foreign_keys = ON", "CREATE TABLE more (x)", "CREATE TEMP TABLE scratch (x)",
                                 "BEGIN", "DROP TRIGGER touched"},
        std::vector<std::string>{"CREATE TABLE more (x)", "CREATE INDEX more_x ON more (x)",
                                 "CREATE INDEX late ON orders (id)", "DROP TABLE Orders", "CREATE TABLE orders (other)",
                                 "CREATE UNIQUE INDEX big_one ON orders (other)"},
        std::vector<std::string>{"DROP INDEX orders_total", "CREATE INDEX orders_total ON customers (id)",
                                 "DROP TABLE IF EXISTS orders", "CREATE TABLE orders_total_2 (x)"},
        std::vector<std::string>{"DROP VIEW biggest", "CREATE TABLE biggest (x)", "ALTER TABLE biggest ADD COLUMN y",
                                 "DROP TABLE main.orders"},
        std::vector<std::string>{"CREATE TRIGGER more AFTER DELETE ON orders BEGIN SELECT 1; END",
                                 "DROP TRIGGER touched", "CREATE VIEW IF NOT EXISTS other AS SELECT 1"},
        std::vector<std::string>{"DROP VIEW biggest", "DROP VIEW big", "DROP INDEX orders_total",
                                 "ALTER TABLE orders ALTER COLUMN total SET NOT NULL"},
        std::vector<std::string>{"BEGIN", "DROP TABLE orders", "CREATE TABLE orders (z)", "ROLLBACK", "DROP VIEW big"},
        std::vector<std::string>{"CREATE VIRTUAL TABLE words USING fts5 (text)", "DROP TABLE orders"}));

TEST(SqliteModel, GoesBackFromADroppedVirtualTable) {
  SqliteModel model(SqliteModel::Completeness::complete);
  EXPECT_FALSE(model.execute(statement("CREATE VIRTUAL TABLE words USING fts5 (text)")).error);
  const SqliteSchema before = SqliteSchema::of(model.connection());
  model.mark();
  EXPECT_FALSE(model.execute(statement("DROP TABLE words")).error);
  model.return_to_mark();
  EXPECT_THAT(SqliteSchema::of(model.connection()).objects, ::testing::UnorderedElementsAreArray(before.objects));
}

TEST(SqliteModel, KnowsWhichViewsADroppedTableBreaks) {
  SqliteModel model(SqliteModel::Completeness::complete);
  for (const char* sql : {"CREATE TABLE a (x)", "CREATE TABLE b (x)", "CREATE VIEW of_a AS SELECT x FROM a",
                          "CREATE VIEW of_view AS SELECT x FROM of_a", "CREATE VIEW of_b AS SELECT x FROM b"}) {
    model.execute(statement(sql));
  }
  model.execute(statement("DROP TABLE IF EXISTS \"A\""));
  EXPECT_EQ(model.broken_views(), (std::vector<std::string>{"of_a", "of_view"}));
  model.execute(statement("CREATE TABLE c (x)"));
  EXPECT_TRUE(model.broken_views().empty());
}

}  // namespace
}  // namespace martlet
