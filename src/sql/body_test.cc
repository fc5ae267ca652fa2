#include "sql/body.h"

#include <gtest/gtest.h>

#include "sql/format_call.h"
#include "sql/tree.h"

namespace martlet {
namespace {

Body open(const std::string& sql) {
  std::optional<Body> body;
  visit_trees(split({sql, "f.sql"}, Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
    ASSERT_TRUE(tree.nodes) << tree.error;
    body = open_body(statement, *statement_node(*tree.nodes));
  });
  EXPECT_TRUE(body) << sql;
  return body ? *body : Body{};
}

std::vector<std::string> places(const Body& body) {
  std::vector<std::string> shown;
  for (const BodyPart& each : body.parts) {
    shown.push_back(each.statement.place.text() + " " + each.statement.text + (each.dynamic ? " (dynamic)" : ""));
  }
  return shown;
}

using Shown = std::vector<std::string>;

TEST(Body, GivesPlacesInTheFile) {
  EXPECT_EQ(places(open("select 1;\n  do $x$ begin drop table a;\n   drop table b; end $x$")),
            (Shown{"f.sql:2:16 drop table a", "f.sql:3:4 drop table b"}));
  EXPECT_EQ(places(open("create function f() returns int language sql as\n 'select 1;\n select 2'")),
            (Shown{"f.sql:2:3 select 1", "f.sql:3:2 select 2"}));
  EXPECT_EQ(places(open("create procedure p() begin atomic\n delete from a; delete from b; end")),
            (Shown{"f.sql:2:2 delete from a", "f.sql:2:17 delete from b"}));
  EXPECT_EQ(places(open("do E'begin\\n drop table a;\\n drop table b; end'")),
            (Shown{"f.sql:1:6 drop table a", "f.sql:1:6 drop table b"}));
  EXPECT_EQ(places(open("do 'begin\n select ''x''; drop table b; end'")),
            (Shown{"f.sql:1:5 select 'x'", "f.sql:1:5 drop table b"}));
}

TEST(Body, OpensConstantTextsOfExecute) {
  EXPECT_EQ(places(open("do $$begin\n  execute 'drop table ' || 'a; drop table b';\n end$$")),
            (Shown{"f.sql:2:11 'drop table ' || 'a; drop table b'", "f.sql:2:11 drop table a (dynamic)",
                   "f.sql:2:11 drop table b (dynamic)"}));
}

TEST(Body, LeavesOtherLanguagesAndMissingBodiesAlone) {
  EXPECT_TRUE(open("do language plperl $$ drop table a $$").parts.empty());
  EXPECT_TRUE(open("create function f() returns int language c as 'a', 'b'").parts.empty());
  EXPECT_EQ(open("do language PLPGSQL $$begin end$$").language, "plpgsql");
  EXPECT_NE(open("do $$ begin execute 'select ''x'; end $$").problem, "");
  EXPECT_NE(open("create function f() returns int language sql as $$ select 'x $$").problem, "");
  EXPECT_TRUE(open("create function f() returns int return 1").parts.empty());
  for (const char* none : {"do language plpgsql", "create function f() returns int language plpgsql", "select 1"}) {
    visit_trees(split({none, "f.sql"}, Dialect::postgres), [&](const Statement& statement, const Tree& tree) {
      EXPECT_FALSE(open_body(statement, *statement_node(*tree.nodes))) << none;
    });
  }
}

std::string dynamic(const std::string& expression) {
  constexpr const char* kForms[] = {"constant", "format", "joined", "opaque"};
  const DynamicText text = read_dynamic(expression);
  std::string shown = kForms[static_cast<int>(text.form)] + (": " + text.sql);
  for (const std::string& each : text.raw) shown += " [" + each + "]";
  return shown;
}

TEST(Body, ReadsWhatExecuteWouldRun) {
  EXPECT_EQ(dynamic("('drop ' || $$table$$ || E' a\\n')"), "constant: drop table a\n");
  EXPECT_EQ(dynamic("'drop table ' || t || ' cascade'"), "joined: drop table name_at_run_time cascade [t]");
  EXPECT_EQ(dynamic("'drop table ' || quote_ident(t) || ' ' || n::int || x::regclass"),
            "joined: drop table name_at_run_time name_at_run_timename_at_run_time");
  EXPECT_EQ(dynamic("'select ' || quote_literal(x)"), "joined: select 'value_at_run_time'");
  EXPECT_EQ(dynamic("format('drop table %I.%s%%', a, b)"), "format: drop table name_at_run_time.name_at_run_time% [b]");
  EXPECT_EQ(dynamic("format('select %2$L, %1$s', a || 'x', b)"),
            "format: select 'value_at_run_time', name_at_run_time [a || 'x']");
  EXPECT_EQ(dynamic("format('drop table a')"), "constant: drop table a");
  EXPECT_EQ(dynamic("query"), "opaque:  [query]");
  EXPECT_EQ(dynamic("replace('drop table x', 'x', y)"), "opaque:  [replace('drop table x', 'x', y)]");
  EXPECT_EQ(dynamic(""), "opaque: ");
  EXPECT_EQ(dynamic("format(q, 1)"), "opaque:  [format(q, 1)]");
}

TEST(Body, PastedValuesBecomeArgumentsOfFormat) {
  EXPECT_EQ(as_format_call("'DELETE FROM ' || t || ' WHERE id = ''' || v || ''' AND x LIKE ''a%'''"),
            "format('DELETE FROM %I WHERE id = %L AND x LIKE ''a%%''', t, v)");
  EXPECT_EQ(as_format_call("'drop table \"' || lower(t) || '\" cascade'"), "format('drop table %I cascade', lower(t))");
  EXPECT_EQ(as_format_call("('select 1 from ' || s || '.' || t || ' limit ' || n::int)"),
            "format('select 1 from %I.%I limit %s', s, t, n::int)");
  EXPECT_EQ(as_format_call("'table ' || quote_ident(t) || ' where x = ' || quote_literal(v) || ' -- 5%'"),
            "format('table %I where x = %L -- 5%%', t, v)");
  EXPECT_EQ(as_format_call("format('ALTER TABLE %s ADD COLUMN %I int', t, c)"),
            "format('ALTER TABLE %I ADD COLUMN %I int', t, c)");
  EXPECT_EQ(as_format_call("format('SELECT ''%s'', 5 %% 2', v)"), "format('SELECT %L, 5 %% 2', v)");
  EXPECT_EQ(as_format_call("'CREATE UNIQUE INDEX ' || i || ' ON ' || t || ' (' || quote_ident(c) || ')'"),
            "format('CREATE UNIQUE INDEX %I ON %I (%I)', i, t, c)");
  EXPECT_EQ(as_format_call("'grant select on ' || t || ' to ' || r"), "format('grant select on %I to %I', t, r)");
  EXPECT_EQ(as_format_call("'ALTER TABLE ' || t || ' RENAME TO ' || n"), "format('ALTER TABLE %I RENAME TO %I', t, n)");
  EXPECT_EQ(as_format_call("'alter table a add foreign key (b) references ' || t"),
            "format('alter table a add foreign key (b) references %I', t)");
  for (const char* undecided :
       {"'select * from t where x = ' || v", "'select ' || columns || ' from t'", "'select ''%' || v || '%'''",
        "format('select %2$s', a, b)", "format(q, a)", "t || ' cascade'", "'from ' || a || b", "'from' || t",
        "'select 1 from a join b on ' || c", "'set x to ' || v",
        "'create index i on a (x); delete from a using b where on ' || c", "format('from %s')", "'a' ||", "||", "", "(",
        "format("}) {
    EXPECT_EQ(as_format_call(undecided), std::nullopt) << undecided;
  }
}

TEST(Body, SurvivesWhatIsDeepOrBroken) {
  read_dynamic(std::string(100'000, '(') + "'a' || b" + std::string(100'000, ')'));
  std::string nested;
  for (int i = 0; i < 10'000; ++i) nested += "('a' || ";
  read_dynamic(nested + "x" + std::string(10'000, ')'));
  for (const char* bad :
       {"format(", "format()", "format('%', 1)", "format('%1$', 1)", "||", "'a' ||", ")(", "'a", "$x$"}) {
    read_dynamic(bad);
  }
}

}  // namespace
}  // namespace martlet
