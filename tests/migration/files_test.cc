// Files as they come: line ends, encodings, rights, sizes; and what is written into a folder.
#include "base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "migration/folder.h"
#include "migration/merge.h"
#include "migration/renumber.h"
#include "migration/source.h"
#include "migration/version.h"
#include "tests/support/folder.h"

namespace martlet {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Folder read(const std::filesystem::path& path) {
  FolderOptions options;
  options.path = path;
  return read_folder(options);
}

Error failure_of(const std::filesystem::path& path) {
  try {
    read(path);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::drift, "nothing was thrown"};
}

TEST(Files, ChecksumIgnoresByteOrderMarkAndCarriageReturns) {
  const testing::TemporaryFolder folder;
  folder.write("V1__unix.sql", "SELECT 1;\nSELECT 2;\n");
  folder.write("V2__windows.sql", "\xEF\xBB\xBFSELECT 1;\r\nSELECT 2;\r\n");
  folder.write("V3__other.sql", "SELECT 1;\nSELECT 3;\n");
  const Folder found = read(folder.path());
  EXPECT_EQ(found.find("1")->checksum, found.find("2")->checksum);
  EXPECT_EQ(found.find("2")->up.text, "SELECT 1;\nSELECT 2;\n");
  EXPECT_NE(found.find("1")->checksum, found.find("3")->checksum);
  EXPECT_EQ(found.find("1")->checksum.substr(0, 7), "sha256:");
  EXPECT_EQ(found.find("1")->checksum.size(), 7u + 64u);
}

TEST(Files, ChecksumCoversTheDownSectionOfTheSameFile) {
  const testing::TemporaryFolder folder;
  folder.write("V1__a.sql", "SELECT 1;\n-- martlet:down\nSELECT 1;\n");
  const std::string before = read(folder.path()).find("1")->checksum;
  folder.write("V1__a.sql", "SELECT 1;\n-- martlet:down\nSELECT 2;\n");
  EXPECT_NE(read(folder.path()).find("1")->checksum, before);
}

TEST(Files, NotUtf8IsRefusedWithThePlaceOfTheByte) {
  const testing::TemporaryFolder folder;
  folder.write("V1__a.sql", "SELECT 1;\nSELECT 'ä\xE4';\n");
  const Error error = failure_of(folder.path());
  EXPECT_EQ(error.kind, ErrorKind::validation);
  EXPECT_THAT(error.place.text(), EndsWith("V1__a.sql:2:10"));
  EXPECT_THAT(error.message, HasSubstr("byte 20 is 0xE4"));
}

TEST(Files, Utf16IsRecognised) {
  const testing::TemporaryFolder folder;
  folder.write("V1__a.sql", std::string("\xFF\xFES\0E\0L\0", 8));
  EXPECT_THAT(failure_of(folder.path()).next_step, HasSubstr("iconv -f UTF-16"));
}

TEST(Files, AMissingFolderIsNamed) {
  const testing::TemporaryFolder folder;
  const Error error = failure_of(folder / "nowhere");
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_THAT(error.message, HasSubstr("nowhere"));
  EXPECT_THAT(error.next_step, HasSubstr("martlet init"));
}

TEST(Files, AFileInsteadOfAFolder) {
  const testing::TemporaryFolder folder;
  folder.write("file", "x");
  EXPECT_THAT(failure_of(folder / "file").message, HasSubstr("Not a directory"));
}

TEST(Files, UnreadableThingsAreErrors) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_symlink("nowhere.sql", folder / "V1__dangling.sql");
  const Error error = failure_of(folder.path());
  EXPECT_EQ(error.kind, ErrorKind::validation);
  EXPECT_THAT(error.place.file, EndsWith("V1__dangling.sql"));
  EXPECT_THAT(error.message, HasSubstr("No such file"));
}

TEST(Files, APipeIsNotWaitedFor) {
  const testing::TemporaryFolder folder;
  ASSERT_EQ(mkfifo((folder / "V1__pipe.sql").c_str(), 0600), 0);
  EXPECT_THAT(failure_of(folder.path()).message, HasSubstr("not a regular file"));
}

TEST(Files, ALargeFileIsReadWhole) {
  const testing::TemporaryFolder folder;
  std::string line = "INSERT INTO t VALUES ('" + std::string(1000, 'x') + "');\n";
  {
    std::ofstream file(folder / "V1__large.sql");
    for (int i = 0; i < 100'000; ++i) file << line;
    file << "-- martlet:down\nTRUNCATE t;\n";
  }
  const Folder found = read(folder.path());
  EXPECT_EQ(found.migrations[0].up.text.size(), line.size() * 100'000);
  EXPECT_EQ(found.migrations[0].down->first_line, 100'002);
}

TEST(Files, TenThousandAreInOrder) {
  const testing::TemporaryFolder folder;
  for (int i = 1; i <= 10'000; ++i) {
    std::ofstream(folder / ("V" + std::to_string(i) + "__m.sql")) << "SELECT " << i << ";\n";
  }
  const Folder found = read(folder.path());
  ASSERT_EQ(found.migrations.size(), 10'000u);
  EXPECT_THAT(found.problems, IsEmpty());
  for (std::size_t i = 0; i < found.migrations.size(); ++i) {
    ASSERT_EQ(found.migrations[i].version, std::to_string(i + 1));
  }
}

TEST(Versions, CompareNumberByNumber) {
  EXPECT_LT(compare_versions("2", "10"), 0);
  EXPECT_LT(compare_versions("1.2", "1.10"), 0);
  EXPECT_EQ(compare_versions("001", "1"), 0);
  EXPECT_EQ(compare_versions("1.0", "1"), 0);
  EXPECT_EQ(compare_versions("1_1", "1.1"), 0);
  EXPECT_LT(compare_versions("20231223_001", "20231223_002"), 0);
  EXPECT_LT(compare_versions("20231223_002", "20231223120000"), 0);
  EXPECT_GT(compare_versions("99999999999999999999999", "99999999999999999999998"), 0);
}

TEST(Placeholders, AreFilledOnceAndOnlyThey) {
  const std::map<std::string, std::string> values{{"schema", "shop"}, {"twice", "${schema}"}};
  const auto fill = [&](const std::string& text) { return fill_placeholders({text, "f.sql", 7}, values).text; };
  EXPECT_EQ(fill("SELECT ${schema}.t, ${schema}"), "SELECT shop.t, shop");
  EXPECT_EQ(fill("${twice}"), "${schema}");
  EXPECT_EQ(fill("AS $$ SELECT 1 $$; AS $body$ x $body$; $1 ${ } ${a b} ${"),
            "AS $$ SELECT 1 $$; AS $body$ x $body$; $1 ${ } ${a b} ${");
  EXPECT_EQ(fill("-- ${nothing}\n/* ${no} */ \\${schema} ${schema}"), "-- ${nothing}\n/* ${no} */ ${schema} shop");
}

TEST(Placeholders, UnknownNameIsRefusedWithItsPlace) {
  try {
    fill_placeholders({"SELECT 1;\nSELECT '${shcema}';\n", "f.sql", 7}, {{"schema", "shop"}});
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.place.text(), "f.sql:8:9");
    EXPECT_EQ(error.next_step, "did you mean ${schema}?");
  }
}

NewMigration named(const std::string& name) {
  NewMigration wanted;
  wanted.name = name;
  return wanted;
}

TEST(Create, FlywayCountsOn) {
  const testing::TemporaryFolder folder;
  EXPECT_THAT(create_migration(read(folder.path()), named("Add user's roles!")),
              ElementsAre(EndsWith("/V001__add_users_roles.sql")));
  EXPECT_THAT(create_migration(read(folder.path()), named("second")), ElementsAre(EndsWith("/V002__second.sql")));
  NewMigration repeatable = named("views");
  repeatable.repeatable = true;
  EXPECT_THAT(create_migration(read(folder.path()), repeatable), ElementsAre(EndsWith("/R__views.sql")));
  const Folder found = read(folder.path());
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.migrations[0].header.at(0).text, "Add user's roles!");
  EXPECT_TRUE(found.migrations[0].down);
  EXPECT_THAT(found.migrations[0].up.text, HasSubstr("-- Testing notes:"));
  EXPECT_FALSE(found.migrations[2].down);
}

TEST(Create, NeverOverAFile) {
  const testing::TemporaryFolder folder;
  folder.write("R__views.sql", "SELECT 1;");
  NewMigration repeatable = named("views");
  repeatable.repeatable = true;
  EXPECT_THROW(create_migration(read(folder.path()), repeatable), Error);
  EXPECT_EQ(folder.read("R__views.sql"), "SELECT 1;");
  EXPECT_THROW(create_migration(read(folder.path()), named("'!'")), Error);
}

TEST(Create, WithoutATransactionAndWithATimestamp) {
  const testing::TemporaryFolder folder;
  NewMigration wanted = named("later");
  wanted.timestamp = true;
  wanted.transactional = false;
  create_migration(read(folder.path()), wanted);
  const Folder found = read(folder.path());
  EXPECT_EQ(found.migrations[0].version.size(), 14u);
  EXPECT_FALSE(found.migrations[0].transactional);
}

TEST(Create, SupabaseWritesARollbackFile) {
  const testing::TemporaryFolder folder;
  folder.write("20231223_001_first.sql", "SELECT 1;");
  const auto paths = create_migration(read(folder.path()), named("second one"));
  ASSERT_EQ(paths.size(), 2u);
  EXPECT_THAT(paths[0], EndsWith("_001_second_one.sql"));
  EXPECT_THAT(paths[1], EndsWith("_001_second_one_down.sql"));
  const Folder found = read(folder.path());
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_TRUE(found.migrations[1].down);
}

TEST(Create, DrizzleWritesTheJournalToo) {
  const testing::TemporaryFolder folder;
  folder.write("drizzle/migrations/meta/_journal.json",
               R"({"version":"7","dialect":"postgresql","entries":[{"idx":0,"when":5,"tag":"0000_init"}]})");
  folder.write("drizzle/migrations/0000_init.sql", "SELECT 1;");
  const auto paths = create_migration(read(folder / "drizzle/migrations"), named("more"));
  ASSERT_EQ(paths.size(), 2u);
  EXPECT_THAT(paths[0], EndsWith("/0001_more.sql"));
  EXPECT_THAT(paths[1], EndsWith("/0001_rollback.sql"));
  const Folder found = read(folder / "drizzle/migrations");
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.migrations.size(), 2u);
  EXPECT_TRUE(found.migrations[1].down);
}

TEST(Renumber, TheFileThatWasNotAppliedMoves) {
  const testing::TemporaryFolder folder;
  folder.write("V005__conflict.sql", "SELECT 1;");
  folder.write("V005__resolved.sql", "SELECT 2;");
  folder.write("U5__none.txt", "");
  const auto done = renumber(read(folder.path()), {{"005", "conflict"}}, "");
  ASSERT_EQ(done.size(), 1u);
  EXPECT_EQ(done[0].to, "006");
  EXPECT_TRUE(std::filesystem::exists(folder / "V006__resolved.sql"));
  EXPECT_TRUE(std::filesystem::exists(folder / "V005__conflict.sql"));
  EXPECT_THAT(read(folder.path()).problems, Not(IsEmpty()));  // U5__none.txt is told of
}

TEST(Renumber, AVersionMayBeGivenWithoutItsZeros) {
  const testing::TemporaryFolder folder;
  folder.write("V001__a.sql", "SELECT 1;");
  folder.write("V002__b.sql", "SELECT 2;");
  const auto done = renumber(read(folder.path()), {{"002", "b"}}, "1");
  ASSERT_EQ(done.size(), 1u);
  EXPECT_EQ(done[0].from, "001");
  EXPECT_EQ(done[0].to, "003");
}

TEST(Renumber, AnAppliedFileIsNotTouched) {
  const testing::TemporaryFolder folder;
  folder.write("V005__conflict.sql", "SELECT 1;");
  try {
    renumber(read(folder.path()), {{"005", "conflict"}}, "005");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::refused);
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "V005__conflict.sql"));
}

TEST(Renumber, OutOfOrderFilesMoveBehindWithAllThatBelongsToThem) {
  const testing::TemporaryFolder folder;
  folder.write("V1__a.sql", "SELECT 1;");
  folder.write("V2__late.sql", "SELECT 2;");
  folder.write("V2__late.sql.conf", "executeInTransaction=false");
  folder.write("U2__late.sql", "SELECT -2;");
  folder.write("V3__c.sql", "SELECT 3;");
  const auto done = renumber(read(folder.path()), {{"1", ""}, {"3", ""}}, "");
  ASSERT_EQ(done.size(), 1u);
  const Folder found = read(folder.path());
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_NE(found.find("4"), nullptr);
  EXPECT_TRUE(found.find("4")->down);
  EXPECT_FALSE(found.find("4")->transactional);
}

TEST(Renumber, DrizzleRewritesItsJournal) {
  const testing::TemporaryFolder folder;
  folder.write("meta/_journal.json",
               R"({"entries":[{"idx":0,"when":5,"tag":"0000_a"},{"idx":0,"when":6,"tag":"0000_b"}]})");
  folder.write("0000_a.sql", "SELECT 1;");
  folder.write("0000_b.sql", "SELECT 1;");
  renumber(read(folder.path()), {{"0000", "a"}}, "");
  const Folder found = read(folder.path());
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.migrations.at(1).file, (folder / "0001_b.sql").string());
  EXPECT_THAT(folder.read("meta/_journal.json"), HasSubstr("\"idx\": 1"));
}

TEST(Renumber, NothingOfThatNameAndNothingToDo) {
  const testing::TemporaryFolder folder;
  folder.write("V1__a.sql", "SELECT 1;");
  EXPECT_THROW(renumber(read(folder.path()), {}, "9"), Error);
  EXPECT_THAT(renumber(read(folder.path()), {{"1", "a"}}, ""), IsEmpty());
}

TEST(Merge, JoinsTheHeads) {
  const testing::TemporaryFolder folder;
  folder.write("V1__a.sql", "SELECT 1;");
  folder.write("V2__b.sql", "SELECT 1;");
  folder.write("V3__c.sql", "-- martlet:depends V1\nSELECT 1;");
  EXPECT_EQ(heads(read(folder.path())).size(), 2u);
  EXPECT_THAT(merge_heads(read(folder.path()), "join them"), ElementsAre(EndsWith("/V4__join_them.sql")));
  const Folder found = read(folder.path());
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(heads(found).size(), 1u);
  EXPECT_EQ(heads(found)[0]->label, "V4");
  EXPECT_THROW(merge_heads(found, ""), Error);
}

}  // namespace
}  // namespace martlet
