// A plan is proven on scratch copies: `martlet plan --execute`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sql/statement.h"
#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kSetup = R"(
CREATE TABLE buyers (id int PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, buyer int, code text, amount int);
CREATE MATERIALIZED VIEW totals AS SELECT buyer, sum(amount) AS total FROM orders GROUP BY buyer;
INSERT INTO buyers SELECT g FROM generate_series(1, 100) g;
INSERT INTO orders SELECT g, 1 + g % 100, 'c' || g, g FROM generate_series(1, 20000) g;
ANALYZE)";

class PlanExecute : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto connection = database_.connect();
    for (const Statement& each : split({std::string(kSetup), "setup"}, Dialect::postgres)) {
      connection->execute(each.text);
    }
  }

  Finished execute(const std::string& migration, std::vector<std::string> more = {}) const {
    project_.write("V001__change.sql", migration);
    std::vector<std::string> arguments{"plan", "--execute"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return project_.run(database_.url(), std::move(arguments), {{"MARTLET_MAX_BLOCK", "1ms"}});
  }
  std::string left() const {
    return database_.value("SELECT count(*) FROM pg_database WHERE datname LIKE 'martlet\\_scratch%'");
  }

  Project project_;
  TestDatabase database_ = fresh_database();
};

TEST_F(PlanExecute, ProvesThatStepsEndWhereTheStatementsEnd) {
  const Finished finished = execute(
      "ALTER TABLE orders ALTER COLUMN buyer SET NOT NULL;\n"
      "CREATE INDEX orders_buyer ON orders (buyer);\n"
      "ALTER TABLE orders ADD CONSTRAINT code_unique UNIQUE (code), ADD CONSTRAINT orders_buyers FOREIGN KEY (buyer) "
      "REFERENCES buyers (id);\n"
      "ALTER TABLE orders ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();\n"
      "UPDATE orders SET amount = amount * 2 WHERE id < 10;\n"
      "CREATE TABLE more (id int);\nINSERT INTO more VALUES (1);\n");
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out,
              AllOf(HasSubstr("as predicted  CREATE INDEX CONCURRENTLY"), HasSubstr("not compared: orders.token"),
                    HasSubstr("proven"), HasSubstr("the same rows in 4 tables"), Not(HasSubstr("not as predicted"))));
  EXPECT_EQ(database_.value("SELECT to_regclass('more')"), "") << "the target was changed";
  EXPECT_EQ(left(), "0");
}

// What the teams' own documents do by hand in several migrations, written as the obvious SQL.
constexpr std::string_view kAgents = R"(
CREATE TABLE agents (id int PRIMARY KEY, old_name varchar(255), status text, email text NOT NULL);
CREATE TABLE old_table (id int PRIMARY KEY);
INSERT INTO agents SELECT g, 'n' || g, CASE WHEN g % 3 = 0 THEN 'idle' ELSE 'busy' END, g || '@example.org'
  FROM generate_series(1, 20000) g;
ANALYZE)";

class DocumentsExamples : public ::testing::TestWithParam<const char*> {};

TEST_P(DocumentsExamples, EndInTheSchemaAndTheRowsOfTheObviousSql) {
  const TestDatabase database = fresh_database();
  for (const Statement& each : split({std::string(kAgents), "setup"}, Dialect::postgres)) database.query(each.text);
  const Project project;
  project.write("V001__change.sql", GetParam());
  const Environment apart{{"MARTLET_MAX_BLOCK", "1ms"}, {"MARTLET_PHASES", "apart"}};
  const Finished finished = project.run(database.url(), {"plan", "--execute"}, apart);
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out, HasSubstr("proven"));
}
INSTANTIATE_TEST_SUITE_P(
    Each, DocumentsExamples,
    ::testing::Values("ALTER TABLE agents ADD COLUMN new_field varchar(255) NOT NULL DEFAULT 'default_value';",
                      "ALTER TABLE agents ADD COLUMN new_field varchar(255);\n"
                      "UPDATE agents SET new_field = 'default_value' WHERE new_field IS NULL;\n"
                      "ALTER TABLE agents ALTER COLUMN new_field SET NOT NULL;",
                      "CREATE INDEX idx_agents_status ON agents(status);",
                      "ALTER TABLE agents RENAME COLUMN old_name TO new_name;", "DROP TABLE old_table;",
                      "ALTER TABLE agents ADD COLUMN new_email varchar(255);\n"
                      "UPDATE agents SET new_email = email WHERE new_email IS NULL;\n"
                      "ALTER TABLE agents ALTER COLUMN new_email SET NOT NULL;\n"
                      "CREATE UNIQUE INDEX idx_agents_new_email ON agents(new_email);",
                      "ALTER TABLE agents DROP COLUMN email;"));

TEST_F(PlanExecute, RowsThatDifferAreNoProof) {
  const Finished finished = execute("UPDATE orders SET amount = random() * 1000000;\n");
  EXPECT_EQ(finished.exit_code, 4) << finished;
  EXPECT_THAT(finished.out, AllOf(HasSubstr("rows differ: orders: other values in amount"), HasSubstr("not proven")));
}

TEST_F(PlanExecute, AStatementThatFailsOnTheCopyIsShownWithItsPlace) {
  const Finished finished =
      execute("INSERT INTO buyers VALUES (101);\nALTER TABLE orders ADD CONSTRAINT few CHECK (amount < 500);\n");
  EXPECT_EQ(finished.exit_code, 4) << finished;
  EXPECT_THAT(finished.err, AllOf(HasSubstr("V001__change.sql:2:1: check constraint \"few\""),
                                  HasSubstr("nothing was run on the target")));
  EXPECT_EQ(left(), "0");
}

TEST_F(PlanExecute, AsJson) {
  const Finished finished = execute("CREATE INDEX orders_buyer ON orders (buyer);\n", {"--json"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
  const auto json = nlohmann::json::parse(finished.out);
  EXPECT_EQ(json.at("proven"), true);
  EXPECT_EQ(json.at("steps").at(0).at("as_predicted"), true);
  EXPECT_EQ(json.at("schema"), nlohmann::json::array());
}

TEST_F(PlanExecute, WhereNothingIsPendingThereIsNothingToProve) {
  project_.write("V001__change.sql", "SELECT 1;\n");
  ASSERT_EQ(project_.run(database_.url(), {"up"}).exit_code, 0);
  const Finished finished = execute("SELECT 1;\n");
  EXPECT_EQ(finished.exit_code, 0) << finished;
  EXPECT_THAT(finished.out, HasSubstr("nothing to do"));
}

}  // namespace
}  // namespace martlet::testing
