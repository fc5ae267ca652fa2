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
