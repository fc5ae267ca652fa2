#include "run/script.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

TEST(PlaceIn, CountsCharactersAndLines) {
  const Statement statement{.text = "SELECT 'ä',\n  nowhere", .place = {"V001__a.sql", 10, 5}};
  EXPECT_EQ(place_in(statement, 0).text(), "V001__a.sql:10:5");
  EXPECT_EQ(place_in(statement, 9).text(), "V001__a.sql:10:13");
  EXPECT_EQ(place_in(statement, 15).text(), "V001__a.sql:11:3");
}

TEST(PrepareScript, AStatementThatNoTransactionMayHoldMakesTheScriptRunStatementByStatement) {
  const SourceText source{"CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);", "V001__a.sql", 1};
  const Script script = prepare_script(source, true, RunSettings{}, Dialect::postgres);
  EXPECT_FALSE(script.transactional);
  EXPECT_NE(script.why_not.find("CREATE INDEX CONCURRENTLY"), std::string::npos) << script.why_not;
}

TEST(PrepareScript, TransactionControlIsRefusedWithItsPlace) {
  const SourceText source{"CREATE TABLE t (a int);\n  COMMIT;", "V001__a.sql", 1};
  try {
    prepare_script(source, true, RunSettings{}, Dialect::postgres);
    FAIL() << "COMMIT was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::validation);
    EXPECT_EQ(error.place.text(), "V001__a.sql:2:3");
  }
}

TEST(PrepareUp, WhatTheDatabaseCannotHonourIsRefused) {
  Migration migration;
  migration.up = {"SELECT 1;", "V001__a.sql", 1};
  migration.directives = {{"online", "", {"V001__a.sql", 1, 1}}};
  EXPECT_THROW(prepare_up(migration, RunSettings{}, Dialect::sqlite), Error);
  EXPECT_NO_THROW(prepare_up(migration, RunSettings{}, Dialect::postgres));
}

}  // namespace
}  // namespace martlet
