// Two databases made alike do not differ; what one statement changes in one of them is told, and nothing else.
#include "schema/difference.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "sql/statement.h"
#include "tests/support/cluster.h"

namespace martlet {
namespace {

using testing::fresh_database;
using testing::TestDatabase;

void run_script(Connection& connection, const std::string& sql) {
  for (const Statement& each : split({.text = sql, .file = "script.sql"}, Dialect::postgres)) {
    connection.execute(each.text);
  }
}

class DifferenceTest : public ::testing::Test {
 protected:
  static std::string nasty() { return read_file(std::filesystem::path(MARTLET_SOURCE_DIR) / "tests/schema/nasty.sql"); }
};

TEST_F(DifferenceTest, DatabasesMadeAlikeDoNotDiffer) {
  const TestDatabase one = fresh_database(), two = fresh_database();
  const auto first = one.connect(), second = two.connect();
  second->execute("CREATE TABLE moves_the_identifiers (id serial PRIMARY KEY)");
  second->execute("DROP TABLE moves_the_identifiers");
  run_script(*first, nasty());
  run_script(*second, nasty());
  EXPECT_EQ(to_text(catalog_difference(read_catalog(*first), read_catalog(*second))), "");
}

struct Change {
  std::string sql;
  std::string told;
};

TEST_F(DifferenceTest, TellsWhatAStatementChanged) {
  const Change changes[] = {
      {"ALTER TABLE target ADD n int",
       "column public.target.n: missing / there\n"
       "relation public.target: columns: a, b, code / a, b, code, n\n"},
      {"ALTER TABLE quick ALTER id TYPE bigint", "column public.quick.id: type: int4 / int8\n"},
      {"ALTER TABLE quick ALTER id SET NOT NULL", "column public.quick.id: not null: no / yes\n"},
      {"ALTER TABLE quick ALTER id SET DEFAULT 1 + 1", "column public.quick.id: default:  / (1 + 1)\n"},
      {"ALTER TABLE parent ALTER name SET STORAGE EXTERNAL",
       "column public.child.name: storage: x / e\n"
       "column public.parent.name: storage: x / e\n"},
      {"ALTER TABLE target ALTER a SET STATISTICS 7", "column public.target.a: statistics target: -1 / 7\n"},
      {"ALTER TABLE target ALTER a SET (n_distinct = 3)", "column public.target.a: options:  / n_distinct=3\n"},
      {"ALTER TABLE child ADD CONSTRAINT more CHECK (extra < 9) NOT VALID",
       "constraint public.child.more: missing / there\n"},
      {"ALTER TABLE \"Sales Dept\".\"Order \"\"Lines\"\"\" VALIDATE CONSTRAINT later",
       "constraint Sales Dept.Order \"Lines\".later: validated: no / yes\n"},
      {"ALTER TABLE child RENAME CONSTRAINT local_too TO renamed",
       "constraint public.child.local_too: there / missing\nconstraint public.child.renamed: missing / there\n"},
      {"ALTER INDEX totals_n RENAME TO totals_m",
       "relation public.totals: its indexes: public.totals_n / public.totals_m\n"
       "relation public.totals_m: missing / there\nrelation public.totals_n: there / missing\n"},
      {"CREATE INDEX CONCURRENTLY more ON parent (name DESC) WHERE id > 1",
       "relation public.more: missing / there\nrelation public.parent: its indexes:  / public.more\n"},
      {"ALTER TABLE target SET (fillfactor = 80)", "relation public.target: options: fillfactor=70 / fillfactor=80\n"},
      {"ALTER TABLE quick SET LOGGED", "relation public.quick: persistence: unlogged / permanent\n"},
      {"ALTER TABLE target DISABLE TRIGGER at_the_end", "trigger public.target.at_the_end: enabled: O / D\n"},
      {"ALTER POLICY mine ON \"Sales Dept\".\"Order \"\"Lines\"\"\" USING (price > 2)",
       "policy Sales Dept.Order \"Lines\".mine: using: price > (1)::numeric / price > (2)::numeric\n"},
      {"ALTER TABLE parted DETACH PARTITION parted_1",
       "column public.parted_1.id: inherited: yes / no\n"
       "column public.parted_1.id: local: no / yes\n"
       "column public.parted_1.k: inherited: yes / no\n"
       "column public.parted_1.k: local: no / yes\n"
       "column public.parted_1.r: inherited: yes / no\n"
       "column public.parted_1.r: local: no / yes\n"
       "relation public.parted: its children: public.parted_1, public.parted_rest / public.parted_rest\n"
       "relation public.parted_1: bound: FOR VALUES FROM (0, 'a') TO (10, 'b') / \n"
       "relation public.parted_1: detach pending: no / \n"
       "relation public.parted_1: partition of: public.parted / \n"
       "relation public.parted_1_id_idx: attached to: public.parted_id / \n"
       "relation public.parted_id: its children: public.parted_1_id_idx, public.parted_rest_id_idx / "
       "public.parted_rest_id_idx\n"
       "trigger public.parted_1.on_parted: there / missing\n"},
      {"ALTER TYPE mood ADD VALUE 'new'",
       "type public.mood: labels: sad, meh, ok, so \"happy\", yes / sad, meh, ok, so \"happy\", yes, new\n"},
      {"ALTER DOMAIN positive DROP CONSTRAINT below", "constraint public.positive.below: there / missing\n"},
      {"ALTER FUNCTION same(text) STABLE", "function public.same(text): volatility: volatile / stable\n"},
      {"ALTER SEQUENCE counter CACHE 5", "relation public.counter: cache: 1 / 5\n"},
      {"DROP VIEW lines_again",
       "relation public.lines: read by: public.lines_again / \nrelation public.lines_again: there / missing\n"},
      {"ALTER TABLE quick OWNER TO pg_monitor",
       "relation public.attached: owner: postgres / pg_monitor\n"
       "relation public.quick: owner: postgres / pg_monitor\n"},
      {"CREATE SCHEMA more", "schema more: missing / there\n"},
      {"DROP CAST (text AS mood)", "cast text as public.mood: there / missing\n"},
      {"ALTER STATISTICS lines_stats RENAME TO lines_other",
       "statistics public.lines_other: missing / there\nstatistics public.lines_stats: there / missing\n"},
      {"ALTER PUBLICATION announced ADD TABLE parent",
       "relation public.child: publications:  / announced\n"
       "relation public.parent: publications:  / announced\n"},
      {"CLUSTER target USING target_code_key",
       "relation public.target_code_key: clustered: no / yes\n"
       "relation public.target_pkey: clustered: yes / no\n"},
      {"ALTER EXTENSION citext SET SCHEMA \"Sales Dept\"",
       "column public.lines.code: type: public.citext / Sales Dept.citext\n"
       "column public.target.code: type: public.citext / Sales Dept.citext\n"
       "extension citext: schema: public / Sales Dept\n"
       "function public.first_code(): returns: public.citext / Sales Dept.citext\n"},
  };
  const TestDatabase database = fresh_database();
  const auto connection = database.connect();
  run_script(*connection, nasty());
  for (const Change& change : changes) {
    const Catalog before = read_catalog(*connection);
    connection->execute(change.sql);
    EXPECT_EQ(to_text(catalog_difference(before, read_catalog(*connection))), change.told) << change.sql;
  }
}

}  // namespace
}  // namespace martlet
