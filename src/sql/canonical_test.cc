#include "sql/canonical.h"

#include <gtest/gtest.h>

namespace martlet {
namespace {

struct Pair {
  const char* written;
  const char* kept;  // by PostgreSQL 15, as pg_get_expr writes it
};

class CanonicalSame : public ::testing::TestWithParam<Pair> {};
TEST_P(CanonicalSame, HasOneForm) {
  EXPECT_EQ(canonical_expression(GetParam().written), canonical_expression(GetParam().kept));
}
INSTANTIATE_TEST_SUITE_P(
    Each, CanonicalSame,
    ::testing::Values(
        Pair{"price > 0", "(price > (0)::numeric)"},
        Pair{"state in ('a', 'b')",
             "((state)::text = ANY ((ARRAY['a'::character varying, 'b'::character "
             "varying])::text[]))"},
        Pair{"n not in (1, 2)", "(n <> ALL (ARRAY[1, 2]))"}, Pair{"n in (1)", "(n = 1)"},
        Pair{"a between 1 and 5", "((a >= 1) AND (a <= 5))"}, Pair{"a not between 1 and 5", "((a < 1) OR (a > 5))"},
        Pair{"name like 'x%'", "(name ~~ 'x%'::text)"}, Pair{"a and b and c", "((a AND b) AND c)"},
        Pair{"a != -1", "(a <> '-1'::integer)"}, Pair{"cast(a as text) || 'x'", "((a)::text || 'x'::text)"},
        Pair{"nextval('s')", "nextval('public.s'::regclass)"},
        Pair{"case when a > 1 then 'x' end", "CASE\n    WHEN (a > 1) THEN 'x'::text\n    ELSE NULL::text\nEND"},
        Pair{"extract(year from made)", "EXTRACT(year FROM made)"}, Pair{"'f'", "false"},
        Pair{"made at time zone 'UTC'", "(made AT TIME ZONE 'UTC'::text)"}, Pair{"t.a is not null", "(a IS NOT NULL)"},
        Pair{"date '2024-01-01'", "'2024-01-01 00:00:00'::timestamp"},
        Pair{"exists (select 1 from public.t x where x.a = id)",
             "(EXISTS ( SELECT 1\n   FROM t x_1\n  WHERE (x_1.a = lines.id)))"},
        Pair{"coalesce(a, 'x')", "COALESCE(a, 'x'::text)"}));

class CanonicalOther : public ::testing::TestWithParam<Pair> {};
TEST_P(CanonicalOther, IsTold) {
  EXPECT_NE(canonical_expression(GetParam().written), canonical_expression(GetParam().kept));
}
INSTANTIATE_TEST_SUITE_P(Each, CanonicalOther,
                         ::testing::Values(Pair{"a > 0", "a >= 0"}, Pair{"a > 0", "b > 0"}, Pair{"a > 0", "a > 1"},
                                           Pair{"a in (1, 2)", "a in (2, 1)"}, Pair{"a and b", "a or b"},
                                           Pair{"lower(a)", "upper(a)"}, Pair{"a in (1, 2)", "a not in (1, 2)"},
                                           Pair{"'x y'", "'xy'"}, Pair{"a is null", "a is not null"},
                                           Pair{"count(*)", "count(a)"}, Pair{"a - b", "b - a"},
                                           Pair{"a = any (b)", "a = all (b)"}, Pair{"current_date", "current_time"},
                                           Pair{"a collate \"C\"", "a collate \"POSIX\""}));

TEST(Canonical, LeavesWhatIsNoExpressionAsItIs) {
  EXPECT_EQ(canonical_expression("a ; b"), "a ; b");
  EXPECT_EQ(canonical_expression("(("), "((");
  EXPECT_EQ(canonical_expression(""), "");
  EXPECT_EQ(canonical_bound("FROM somewhere"), "FROM somewhere");
}

TEST(Canonical, ComparesBoundsOfPartitions) {
  EXPECT_EQ(canonical_bound("for values from ('2024-01-01') to (maxvalue)"),
            canonical_bound("FOR VALUES FROM ('2024-01-01 00:00:00+00') TO (MAXVALUE)"));
  EXPECT_EQ(canonical_bound("FOR VALUES IN (1, null)"), canonical_bound("for values in ('1', NULL)"));
  EXPECT_NE(canonical_bound("FOR VALUES IN (1)"), canonical_bound("FOR VALUES IN (2)"));
  EXPECT_NE(canonical_bound("FOR VALUES FROM (1) TO (2)"), canonical_bound("FOR VALUES FROM (2) TO (1)"));
  EXPECT_EQ(canonical_bound("default"), canonical_bound("DEFAULT"));
}

}  // namespace
}  // namespace martlet
