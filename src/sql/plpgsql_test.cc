#include "sql/plpgsql.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

using Kind = PlpgsqlPart::Kind;

std::string show(const PlpgsqlPart& part) {
  constexpr const char* kNames[] = {"sql", "dynamic", "assign", "if", "return", "transaction"};
  std::string text = kNames[static_cast<int>(part.kind)];
  if (part.loops) text += " loops=" + std::to_string(part.loops);
  if (part.conditions) text += " conditions=" + std::to_string(part.conditions);
  return text + ": " + (part.target.empty() ? "" : part.target + " <- ") + part.text;
}

std::vector<std::string> parts(std::string_view body) {
  const PlpgsqlBody read = read_plpgsql(body);
  EXPECT_EQ(read.problem, "") << body;
  std::vector<std::string> shown;
  for (const PlpgsqlPart& each : read.parts) {
    shown.push_back(show(each));
    const std::string_view words = std::string_view(each.text).substr(each.text.starts_with("SELECT ") ? 7 : 0, 4);
    EXPECT_NE(body.substr(each.offset).find(words), std::string_view::npos);
  }
  return shown;
}

using Shown = std::vector<std::string>;

TEST(Plpgsql, ReadsStatementsWithTheLoopsAndConditionsAroundThem) {
  EXPECT_EQ(
      parts("declare n int := 5; c cursor for select 1; begin for r in select id from u loop update t set a = r.id;"
            " end loop; if found then delete from t; elsif n > case when true then 1 end then null; else"
            " insert into t values (1); end if; drop table x; end"),
      (Shown{"sql: select 1", "sql: select id from u", "sql loops=1: update t set a = r.id", "if conditions=1: found",
             "sql conditions=1: delete from t", "if conditions=1: n > case when true then 1 end",
             "sql conditions=1: insert into t values (1)", "sql: drop table x"}));
}

TEST(Plpgsql, ReadsHandlersCasesLabelsAndNestedBlocks) {
  EXPECT_EQ(parts("<<outer>> begin begin select 1; exception when others then rollback; end; case n when 1, 2 then"
                  " delete from a; else delete from b; end case; while n < 3 loop exit outer when n = 2; end loop"
                  " outer; perform f(1); call p(); end outer; ignored"),
            (Shown{"sql: select 1", "transaction conditions=1: rollback", "if conditions=1: n", "if conditions=1: 1, 2",
                   "sql conditions=1: delete from a", "sql conditions=1: delete from b", "if: n < 3",
                   "if loops=1: n = 2", "sql: SELECT f(1)", "sql: call p()"}));
}

TEST(Plpgsql, BlanksOutTargetsOfInto) {
  EXPECT_EQ(parts("begin select a, b into strict x, y.z from t; insert into t select 1 returning id into x; select 1"
                  " into x; end"),
            (Shown{"sql: select a, b                    from t", "sql: insert into t select 1 returning id",
                   "sql: select 1"}));
}

TEST(Plpgsql, ReadsAssignmentsAlsoToWhatIsCalledLikeAKeyword) {
  EXPECT_EQ(parts("begin NEW.a := OLD.b; open = 1; x[1 + (2)].f := 'a;b'; return new; end"),
            (Shown{"assign: NEW.a <- OLD.b", "assign: open <- 1", "assign: x[1+(2)].f <- 'a;b'", "return: new"}));
}

TEST(Plpgsql, FindsEveryWayToExecuteText) {
  EXPECT_EQ(
      parts("begin execute 'a' || b into x using y; for r in execute q using 1 loop end loop; return query execute"
            " z; open c for execute w; open c for select 2; foreach e in array a loop end loop; return; end"),
      (Shown{"dynamic: 'a' || b", "dynamic: q", "dynamic: z", "dynamic: w", "sql: select 2", "if: array a"}));
}

TEST(Plpgsql, SaysWhatKeepsABodyFromBeingWhole) {
  for (const char* bad : {"", "select 1", "begin select 1", "begin loop null; end;", "begin select 'x; end",
                          "begin if x", "declare begin := 5", "begin /* ", "begin ); end", "<<", "begin x[ := 1; end",
                          "end", "declare ( begin end", "begin for", "begin execute", "begin case", "#"}) {
    EXPECT_NE(read_plpgsql(bad).problem, "") << bad;
  }
}

TEST(Plpgsql, IsLinearAndDoesNotRecurse) {
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "begin if x then loop ";
  EXPECT_NE(read_plpgsql(deep).problem, "");
  std::string parentheses = "begin x := " + std::string(20'000, '(') + "; end";
  EXPECT_NE(read_plpgsql(parentheses).problem, "");
}

}  // namespace
}  // namespace martlet
