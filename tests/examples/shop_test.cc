// examples/shop really runs: every step up, every step down to exactly what was there before, and its own tests.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "history/names.h"
#include "schema/dump.h"
#include "tests/support/cluster.h"
#include "tests/support/folder.h"
#include "tests/support/martlet.h"

namespace martlet::testing {
namespace {

constexpr std::size_t kMigrations = 18;
// Views and functions of the repeatable files stand on V011 and later; those of older versions have none.
constexpr std::size_t kFirstUnderViews = 11;

/// A copy of one variant of the shop with a database of its own.
class Shop : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    folder_.copy_from(std::string(MARTLET_SOURCE_DIR) + "/examples/shop/" + GetParam());
    if (postgres()) database_.emplace(fresh_database());
  }

  bool postgres() const { return std::string_view(GetParam()) == "postgres"; }

  /// Runs martlet in the shop's folder, with the shop's own martlet.toml (for PostgreSQL: with the test's server).
  Finished martlet_here(std::vector<std::string> arguments) {
    Environment environment;
    if (postgres()) environment["DATABASE_URL"] = database_->text();
    return martlet(std::move(arguments), environment, folder_.path());
  }

  void expect_success(std::vector<std::string> arguments) {
    const Finished finished = martlet_here(std::move(arguments));
    ASSERT_EQ(finished.exit_code, 0) << finished;
  }

  nlohmann::json json_of(std::vector<std::string> arguments) {
    arguments.push_back("--json");
    return nlohmann::json::parse(martlet_here(std::move(arguments)).out);
  }

  Url url() const { return postgres() ? database_->url() : Url::parse("sqlite:" + (folder_ / "shop.db").string()); }

  std::string schema() const {
    const auto connection = open_connection(url());
    return dump_schema(*connection, url(), HistoryNames::make({}, url().dialect()));
  }

  std::string value(const std::string& sql) const {
    const Result result = open_connection(url())->execute(sql);
    return result.rows.empty() ? "" : result.rows[0][0].value_or("");
  }

 private:
  TemporaryFolder folder_;
  std::optional<TestDatabase> database_;
};

std::string version(std::size_t number) {
  return (number < 10 ? "00" : "0") + std::to_string(number);
}

TEST_P(Shop, EachDownLeavesExactlyWhatWasThereBefore) {
  std::vector<std::string> schemas;
  for (std::size_t number = 1; number <= kMigrations; ++number) {
    schemas.push_back(number == 1 ? std::string() : schema());
    expect_success({"up", "--steps", "1"});
  }
  expect_success({"up"});
  expect_success({"seed"});
  const std::string full = schema();
  for (std::size_t number = kMigrations; number > 1; --number) {
    expect_success({"down", "--yes"});
    if (number > kFirstUnderViews) continue;
    EXPECT_EQ(schema(), schemas[number - 1]) << "after the down of V" << version(number);
  }
  expect_success({"up"});
  EXPECT_EQ(schema(), full);
}

TEST_P(Shop, ItsOwnTestsPassAndOneDownIsLossyOnPurpose) {
  const nlohmann::json report = json_of({"test"});
  ASSERT_TRUE(report.at("ok")) << report.dump(2);
  std::map<std::string, std::string> downs;
  for (const auto& item : report.at("migrations")) downs[item.at("version")] = item.at("down");
  EXPECT_EQ(downs.size(), kMigrations);
  EXPECT_EQ(downs["005"], "reversible");
  EXPECT_EQ(downs["014"], "lossy") << "the column comes back without its data";
  for (const auto& [number, down] : downs) EXPECT_NE(down, "not inverse") << number;
}

TEST_P(Shop, SeedsMayRunAgain) {
  expect_success({"up"});
  expect_success({"seed"});
  const std::string orders = value("SELECT count(*) || ' ' || sum(to_pay_cents) FROM order_overview");
  EXPECT_EQ(orders, "2 4968");
  expect_success({"seed"});
  EXPECT_EQ(value("SELECT count(*) || ' ' || sum(to_pay_cents) FROM order_overview"), orders);
}

TEST_P(Shop, FilesAreValidWithoutADatabase) {
  const Finished finished = martlet_here({"validate"});
  EXPECT_EQ(finished.exit_code, 0) << finished;
}

INSTANTIATE_TEST_SUITE_P(Both, Shop, ::testing::Values("postgres", "sqlite"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace martlet::testing
