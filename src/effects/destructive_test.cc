#include "effects/destructive.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

std::vector<std::string> found(const std::string& sql, Dialect dialect = Dialect::postgres) {
  std::vector<std::string> texts;
  for (const Destruction& one : destroys({sql, {}, "", false}, dialect)) texts.push_back(one.text());
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Destroys, TablesSchemasDatabases) {
  EXPECT_EQ(found("drop table a"), Texts{"drops table a"});
  EXPECT_EQ(found("DROP TABLE IF EXISTS public.a, \"B c\".\"D\" CASCADE"),
            (Texts{"drops table public.a", "drops table \"B c\".\"D\""}));
  EXPECT_EQ(found("drop schema s cascade"), Texts{"drops schema s"});
  EXPECT_EQ(found("drop database if exists d with (force)"), Texts{"drops database d"});
  EXPECT_EQ(found("drop owned by u, v"), (Texts{"drops everything owned by u", "drops everything owned by v"}));
}

TEST(Destroys, TypesOnlyWhereTheyTakeColumnsAlong) {
  EXPECT_EQ(found("drop type t"), Texts{});
  EXPECT_EQ(found("drop type if exists s.t cascade"), Texts{"drops s.t and the columns that use it"});
  EXPECT_EQ(found("drop domain d restrict"), Texts{});
  EXPECT_EQ(found("drop extension citext cascade"), Texts{"drops citext and the columns that use it"});
}

TEST(Destroys, Columns) {
  auto all =
      destroys({"alter table if exists only s.t drop column if exists a, add b numeric(3, 1), drop \"C\" cascade",
                {},
                "",
                false},
               Dialect::postgres);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].kind, Destruction::Kind::column);
  EXPECT_EQ(all[0].object, "s.t");
  EXPECT_EQ(all[0].column, "a");
  EXPECT_EQ(all[1].column, "\"C\"");
  EXPECT_EQ(found("alter table t drop constraint if exists c, alter column a drop not null, alter b drop default"),
            Texts{});
  EXPECT_EQ(found("alter table t rename a to b"), Texts{});
  EXPECT_EQ(found("alter table [t] drop column `a`", Dialect::sqlite), Texts{"drops column `a` of [t]"});
}

TEST(Destroys, Rows) {
  EXPECT_EQ(found("truncate table only a *, b restart identity"),
            (Texts{"removes all rows of a", "removes all rows of b"}));
  EXPECT_EQ(found("delete from a"), Texts{"removes all rows of a"});
  EXPECT_EQ(found("delete from only a using b returning (select 1 from c where true)"), Texts{"removes all rows of a"});
  EXPECT_EQ(found("delete from a where x"), Texts{});
  EXPECT_EQ(found("with x as (delete from a returning *) insert into b select * from x where 1 = 1"),
            Texts{"removes all rows of a"});
  EXPECT_EQ(found("with x as (select 1 from y where true) delete from a"), Texts{"removes all rows of a"});
  EXPECT_EQ(found("with x as (select 1) delete from a where b in (select * from x)"), Texts{});
}

TEST(Destroys, NothingElse) {
  for (const char* sql :
       {"create table t (a int)", "drop view v", "drop index i", "drop function f()", "drop materialized view m",
        "update t set a = 1", "select 'drop table t'", "alter foreign table t drop column a",
        "do $$ begin drop table t; end $$", "create function f() returns void begin atomic delete from t; end", ""}) {
    EXPECT_EQ(found(sql), Texts{}) << sql;
  }
}

}  // namespace
}  // namespace martlet
