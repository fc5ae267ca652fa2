// `martlet audit` as a user types it: runs that leave checkpoints, and people who change what they left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "db/connection.h"
#include "tests/support/cluster.h"
#include "tests/support/folder.h"
#include "tests/support/martlet.h"

namespace martlet::testing {
namespace {

using ::testing::HasSubstr;

class AuditCommand : public ::testing::TestWithParam<bool> {
 protected:
  AuditCommand() {
    if (GetParam()) database.emplace(fresh_database());
    url = database ? database->text() : "sqlite:" + (folder / "test.db").string();
    folder.write("martlet.toml", "[audit]\nkey = \"audit.key\"\n");
    folder.write("migrations/V1__a.sql", "CREATE TABLE a (id int);\n-- martlet:down\nDROP TABLE a;\n");
    folder.write("migrations/V2__b.sql", "CREATE TABLE b (id int);\n-- martlet:down\nDROP TABLE b;\n");
    EXPECT_EQ(type({"audit", "key", "audit.key"}).exit_code, 0);
    EXPECT_EQ(type({"up"}).exit_code, 0);
  }

  Finished type(std::vector<std::string> words) {
    return martlet(std::move(words), {{"DATABASE_URL", url}}, folder.path());
  }
  void tamper(const std::string& what) {
    const std::string table = GetParam() ? "martlet.audit" : "martlet_audit";
    open_connection(Url::parse(url))
        ->execute(what.starts_with("DELETE") ? "DELETE FROM " + table + what.substr(6)
                                             : "UPDATE " + table + " SET " + what);
  }

  TemporaryFolder folder;
  std::optional<TestDatabase> database;
  std::string url;
};
INSTANTIATE_TEST_SUITE_P(Each, AuditCommand, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "postgres" : "sqlite"; });

TEST_P(AuditCommand, NamesTheFirstBrokenLink) {
  tamper("actor = 'nobody' WHERE number = 1");
  const Finished found = type({"audit", "verify"});
  EXPECT_EQ(found.exit_code, 4) << found;
  EXPECT_THAT(found.out, HasSubstr("event 1: its text is not what was recorded"));
}

TEST_P(AuditCommand, SeesThatTheEndWasCutOffWhereThereIsAnExport) {
  ASSERT_EQ(type({"audit", "export", "out.jsonl"}).exit_code, 0);
  tamper("DELETE WHERE number = 2");
  const Finished alone = type({"audit", "verify"});
  EXPECT_EQ(alone.exit_code, 0) << "the chain alone cannot tell";
  EXPECT_THAT(alone.out, HasSubstr("without a copy elsewhere"));
  const Finished found = type({"audit", "verify", "--file", "out.jsonl"});
  EXPECT_EQ(found.exit_code, 4) << found;
  EXPECT_THAT(found.out, HasSubstr("were cut off its end"));
}

TEST_P(AuditCommand, ShowsTheLastRunARunAndAnEvent) {
  const Finished last = type({"audit", "show"});
  EXPECT_THAT(last.out, HasSubstr("base → V1"));
  EXPECT_THAT(last.out, HasSubstr("V1 → V2"));
  const auto json = nlohmann::json::parse(type({"audit", "show", "2", "--json"}).out);
  ASSERT_EQ(json.at("events").size(), 1U);
  const auto run = nlohmann::json::parse(type({"audit", "show", json["events"][0]["run_id"], "--json"}).out);
  EXPECT_EQ(run.at("events").size(), 2U);
  EXPECT_EQ(type({"audit", "show", "99"}).exit_code, 2);
}

TEST_P(AuditCommand, AnExportIsProofByItself) {
  EXPECT_EQ(type({"audit", "export", "out.jsonl"}).exit_code, 0);
  EXPECT_EQ(type({"audit", "verify", "--file", "out.jsonl"}).exit_code, 0);
  EXPECT_EQ(type({"audit", "export"}).out.find(folder.read("out.jsonl").substr(0, 100)), 0U);
  EXPECT_EQ(std::filesystem::status(folder / "out.jsonl").permissions(), std::filesystem::perms(0600));
  EXPECT_EQ(type({"down"}).exit_code, 0);
  const auto json = nlohmann::json::parse(type({"audit", "verify", "--file", "out.jsonl", "--json"}).out);
  EXPECT_EQ(json.at("problems").size(), 0U);
  EXPECT_EQ(json.at("reservations").size(), 0U);
  EXPECT_EQ(json.at("events"), 3);
  EXPECT_EQ(json.at("last_checkpoint"), 2);
  EXPECT_EQ(type({"audit", "verify", "--file", "nowhere"}).exit_code, 2);
}

}  // namespace
}  // namespace martlet::testing
