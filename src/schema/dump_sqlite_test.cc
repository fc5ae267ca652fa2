#include "schema/dump_sqlite.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

TEST(NormaliseSqlite, MakesTextsThatMeanTheSameTheSame) {
  const std::string plain = "CREATE TABLE a (id INTEGER PRIMARY KEY, note TEXT DEFAULT 'x  y', CHECK (id > 0))";
  EXPECT_EQ(normalise_sqlite("CREATE TABLE \"a\"(\n  id INTEGER PRIMARY KEY, -- the key\n  [note] TEXT DEFAULT 'x  y' "
                             ",\n  CHECK ( id>0 ) /* ever */\n)"),
            normalise_sqlite(plain));
}

TEST(NormaliseSqlite, KeepsWhatDiffers) {
  EXPECT_NE(normalise_sqlite("CREATE TABLE a (x DEFAULT 'a b')"),
            normalise_sqlite("CREATE TABLE a (x DEFAULT 'a  b')"));
  EXPECT_NE(normalise_sqlite("CREATE TABLE a (\"x y\")"), normalise_sqlite("CREATE TABLE a (x y)"));
  EXPECT_NE(normalise_sqlite("SELECT '--a'"), normalise_sqlite("SELECT '--b'"));
  EXPECT_NE(normalise_sqlite("CREATE TABLE a (x)"), normalise_sqlite("CREATE TABLE ab (x)"));
}

TEST(NormaliseSqlite, SurvivesTextsThatEndEarly) {
  EXPECT_EQ(normalise_sqlite("CREATE TABLE \"a"), "CREATE TABLE \"a");
  EXPECT_EQ(normalise_sqlite("x /* y"), "x");
  EXPECT_EQ(normalise_sqlite(""), "");
}

}  // namespace
}  // namespace martlet
