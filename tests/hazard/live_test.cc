// The cases of tests/hazard on a real server: what is said on a live catalog, and that fixes end in the same schema.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hazard/fix.h"
#include "hazard/judge.h"
#include "schema/dump.h"
#include "tests/hazard/judged_case.h"
#include "tests/support/cluster.h"

namespace martlet::testing {
namespace {

bool runs_on_server(const HazardCase& one) {
  return one.dialect() == Dialect::postgres && one.has_setup && one.option("live") != "off" &&
         one.option("server").empty();
}

/// One database for all cases: making one each would take longer than everything else.
class World {
 public:
  World() : database_(fresh_database()), connection_(database_.connect()) {}

  /// Empties the database and runs the setup.
  void set_up(const HazardCase& one) {
    const Result schemas = connection_->execute(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'");
    for (const Row& row : schemas.rows) {
      connection_->execute(fmt::format("DROP SCHEMA {} CASCADE", quote_identifier(*row[0])));
    }
    connection_->execute("CREATE SCHEMA public");
    connection_->execute("GRANT ALL ON SCHEMA public TO public");
    run({one.setup, "setup"});
  }
  Catalog catalog() { return read_catalog(*connection_); }
  void run(const SourceText& source) {
    for (const Statement& each : split(source, Dialect::postgres)) {
      if (each.is_copy_in) {
        connection_->copy_in(each.text, each.copy_data);
      } else {
        connection_->execute(each.text);
      }
    }
    connection_->rollback();
    connection_->execute("RESET ALL");
  }
  std::string schema() { return dump_schema(*connection_, database_.url(), {}); }

 private:
  TestDatabase database_;
  std::unique_ptr<Connection> connection_;
};

TEST(HazardsOnAServer, SayTheSameAsOnTheModel) {
  World world;
  std::size_t tried = 0;
  for (const HazardCase& one : all_hazard_cases()) {
    if (!runs_on_server(one)) continue;
    SCOPED_TRACE(::testing::PrintToString(one));
    ++tried;
    try {
      world.set_up(one);
      Catalog catalog = world.catalog();
      set_sizes(one, catalog);
      compare(one, judged(one, std::move(catalog), one.files));
    } catch (const Error& error) {
      ADD_FAILURE() << error.message << " " << error.statement;
    }
  }
  EXPECT_GT(tried, 0U);
}

std::string schema_after(World& world, const HazardCase& one, const std::vector<HazardCase::File>& files) {
  world.set_up(one);
  for (const HazardCase::File& file : files) world.run(migration_of(file).up);
  return world.schema();
}

TEST(HazardsOnAServer, FixesEndInTheSameSchema) {
  World world;
  std::size_t tried = 0;
  for (const HazardCase& one : all_hazard_cases()) {
    if (!runs_on_server(one) || !one.expected.contains("fixed") || one.option("fix") == "changes-schema") continue;
    SCOPED_TRACE(::testing::PrintToString(one));
    ++tried;
    try {
      world.set_up(one);
      const Outcome outcome = judged(one, world.catalog(), one.files);
      EXPECT_EQ(schema_after(world, one, outcome.fixed), schema_after(world, one, one.files));
    } catch (const Error& error) {
      ADD_FAILURE() << error.message << " " << error.statement;
    }
  }
  EXPECT_GT(tried, 0U);
}

}  // namespace
}  // namespace martlet::testing
