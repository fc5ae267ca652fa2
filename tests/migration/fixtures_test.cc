// The fixtures are small projects as their teams have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migration/folder.h"
#include "sql/statement.h"

namespace martlet {
namespace {

using ::testing::ElementsAre;

FolderOptions fixture(const std::string& path) {
  FolderOptions options;
  options.path = MARTLET_SOURCE_DIR "/tests/fixtures/" + path;
  return options;
}

std::vector<std::string> labels(const Folder& folder) {
  std::vector<std::string> labels;
  for (const Migration& migration : folder.migrations) labels.push_back(migration.label);
  return labels;
}

std::vector<std::string> errors(const std::vector<Finding>& findings) {
  std::vector<std::string> ids;
  for (const Finding& finding : findings) {
    if (finding.severity == Finding::Severity::error) ids.push_back(finding.id);
  }
  return ids;
}

TEST(Fixtures, Flyway) {
  const FolderOptions options = fixture("flyway/migrations");
  const Folder folder = read_folder(options);
  EXPECT_EQ(folder.layout, "flyway");
  EXPECT_THAT(labels(folder), ElementsAre("V001", "V002", "V003", "V004", "R__active_users"));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(folder.migrations[static_cast<std::size_t>(i)].down) << i;
  EXPECT_EQ(folder.find("001")->ticket(), "ATO-1");
  EXPECT_FALSE(folder.find("004")->transactional);
  ASSERT_EQ(folder.callbacks.size(), 2u);
  EXPECT_EQ(folder.callbacks[0].event, "afterEachMigrate");
  EXPECT_THAT(errors(validate_files(folder, options)), ElementsAre());
}

TEST(Fixtures, Supabase) {
  const FolderOptions options = fixture("supabase/supabase/migrations");
  const Folder folder = read_folder(options);
  EXPECT_EQ(folder.layout, "supabase");
  EXPECT_THAT(labels(folder), ElementsAre("20231223_001", "20231223_002", "20240105093000"));
  EXPECT_EQ(folder.migrations[0].name, "add rls policies");
  EXPECT_FALSE(folder.migrations[1].transactional);
  EXPECT_FALSE(folder.migrations[1].down_transactional);
  EXPECT_THAT(errors(validate_files(folder, options)), ElementsAre());
}

TEST(Fixtures, Drizzle) {
  const FolderOptions options = fixture("drizzle/drizzle/migrations");
  const Folder folder = read_folder(options);
  EXPECT_EQ(folder.layout, "drizzle");
  EXPECT_THAT(labels(folder), ElementsAre("0010", "0011", "0012"));
  const auto statements = split(folder.migrations[0].up, Dialect::postgres);
  ASSERT_EQ(statements.size(), 4u);  // one of them ends at a breakpoint only
  EXPECT_EQ(statements[3].place.line, 9);
  for (const Migration& migration : folder.migrations) EXPECT_TRUE(migration.down) << migration.label;
}

TEST(Fixtures, DrizzleRollbackWithItsOwnTransactionIsRefusedWithTheWayOut) {
  const FolderOptions options = fixture("drizzle/drizzle/migrations");
  const auto findings = validate_files(read_folder(options), options);
  std::vector<int> lines;
  for (const Finding& finding : findings) {
    if (finding.id != "transaction-control") continue;
    EXPECT_THAT(finding.place.file, ::testing::EndsWith("0011_rollback.sql"));
    EXPECT_THAT(finding.next, ::testing::HasSubstr("martlet:no-transaction"));
    lines.push_back(finding.place.line);
  }
  EXPECT_THAT(lines, ElementsAre(3, 7));
}

TEST(Fixtures, DrizzleFolders) {
  const FolderOptions options = fixture("drizzle_folders/drizzle/migrations");
  const Folder folder = read_folder(options);
  EXPECT_EQ(folder.layout, "drizzle");
  EXPECT_THAT(labels(folder), ElementsAre("20240601120000", "20240602130000"));
  EXPECT_EQ(folder.migrations[1].name, "add title");
  for (const Migration& migration : folder.migrations) EXPECT_TRUE(migration.down) << migration.label;
  EXPECT_THAT(errors(validate_files(folder, options)), ElementsAre());
}

}  // namespace
}  // namespace martlet
