// Backups in a bucket, whose server holds every signature against botocore's and misbehaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "base/cancel.h"
#include "base/error.h"
#include "tests/support/errors.h"
#include "tests/support/folder.h"
#include "tests/support/martlet.h"
#include "tests/support/s3_server.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::size_t kPart = 5 * 1024 * 1024;  // the smallest that S3 takes

std::string bytes(std::size_t size) {
  std::string text(size, '\0');
  unsigned state = 7;
  for (char& c : text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return text;
}

std::string read_all(StoreReader& reader) {
  std::string all, piece(100'000, '\0');
  for (std::size_t got = 0; (got = reader.read(piece.data(), piece.size())) > 0;) all.append(piece, 0, got);
  return all;
}

class S3 : public ::testing::Test {
 protected:
  std::unique_ptr<BackupStore> store(const std::function<void(S3Options&)>& change = {}) const {
    StoreOptions options = server_.options();
    options.s3.part = kPart;
    if (change) change(options.s3);
    return open_store(options);
  }
  void write(BackupStore& to, const std::string& name, const std::string& content) const {
    const auto writer = to.create(name);
    for (std::size_t at = 0; at < content.size(); at += 1'000'000) writer->write(content.substr(at, 1'000'000));
    writer->commit();
  }

  const S3Server server_;
};

TEST_F(S3, WhatIsWrittenIsRead) {
  const auto there = store();
  EXPECT_EQ(there->where(), "s3://backups/prod");
  EXPECT_THAT(there->list(), IsEmpty());
  const std::string large = bytes(2 * kPart + 12345), odd = "a name with ü + & = ~ (1).mbk";
  write(*there, "small.mbk", "hello");
  write(*there, "large.mbk", large);
  write(*there, odd, "odd");
  write(*there, "empty.mbk", "");
  EXPECT_EQ(read_all(*there->open("small.mbk")), "hello");
  EXPECT_EQ(read_all(*there->open("large.mbk")), large);
  EXPECT_EQ(read_all(*there->open(odd)), "odd");
  EXPECT_EQ(read_all(*there->open("empty.mbk")), "");
  EXPECT_EQ(server_.asked({"PUT", "partNumber="}), 3U);
  const auto files = there->list();
  ASSERT_EQ(files.size(), 4U) << "of two pages";
  EXPECT_EQ(files[2].name, "large.mbk");
  EXPECT_EQ(files[2].size, large.size());
}

TEST_F(S3, OnlyWhatIsBelowThePrefixIsSeen) {
  server_.put("prod/a.mbk", "1");
  server_.put("prod/deeper/b.mbk", "2");
  server_.put("production.mbk", "3");
  server_.put("other/c.mbk", "4");
  const auto files = store()->list();
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].name, "a.mbk");
  EXPECT_EQ(store([](S3Options& options) { options.prefix = ""; })->list().size(), 1U);
}

TEST_F(S3, TextsAreReplacedAndThingsRemoved) {
  const auto there = store();
  EXPECT_EQ(there->text("a.json"), std::nullopt);
  there->put_text("a.json", "one");
  there->put_text("a.json", "two");
  EXPECT_EQ(there->text("a.json"), "two");
  there->remove("a.json");
  there->remove("a.json");
  EXPECT_EQ(there->text("a.json"), std::nullopt);
}

TEST_F(S3, ANameIsTakenOnce) {
  const auto there = store();
  write(*there, "a.mbk", "one");
  EXPECT_THAT(error_of([&] { there->create("a.mbk"); }).message, HasSubstr("there is a a.mbk"));
  EXPECT_EQ(server_.content("prod/a.mbk"), "one");
}

TEST_F(S3, WithoutCommitNothingAppearsAndThePartsAreGivenUp) {
  const auto there = store();
  {
    const auto writer = there->create("a.mbk");
    writer->write(bytes(kPart + 1));
  }
  EXPECT_THAT(server_.objects(), IsEmpty());
  EXPECT_EQ(server_.asked({"DELETE", "uploadId=", "204"}), 1U);
}

TEST_F(S3, CtrlCEndsAnUploadAndGivesItUp) {
  const auto there = store();
  {
    const auto writer = there->create("a.mbk");
    writer->write(bytes(kPart));
    cancel::request();
    const Error error = error_of([&] { writer->write(bytes(kPart)); });
    EXPECT_EQ(error.kind, ErrorKind::cancelled);
    EXPECT_THAT(error.message, HasSubstr("s3://backups/prod"));
  }
  cancel::reset();
  EXPECT_THAT(server_.objects(), IsEmpty());
  EXPECT_EQ(server_.asked({"DELETE", "uploadId=", "204"}), 1U);
}

// Each of these ends well, and the object is what was written.
TEST_F(S3, FaultsOfAMomentAreTriedAgain) {
  const std::string content = bytes(kPart + 777);
  for (const std::string_view fault :
       {"PUT partNumber=1 500 3", "PUT partNumber=1 503 1", "PUT partNumber=2 cut 2", "PUT partNumber=1 lost 1",
        "PUT partNumber=1 corrupt 2", "POST uploads= 500 2", "POST uploads= lost 1", "POST uploadId= 503 2",
        "POST uploadId= late-error 2", "POST uploadId= lost 1", "HEAD a.mbk 500 2", "GET a.mbk 500 2",
        "GET a.mbk half 2", "GET a.mbk cut 1"}) {
    server_.faults(fault);
    const auto there = store();
    write(*there, "a.mbk", content);
    EXPECT_EQ(server_.content("prod/a.mbk"), content) << fault;
    EXPECT_EQ(read_all(*there->open("a.mbk")), content) << fault;
    server_.faults("");
    there->remove("a.mbk");
  }
}

TEST_F(S3, AFaultThatStaysIsAnErrorAndNothingAppears) {
  server_.faults("PUT partNumber=1 503 1000");
  const auto there = store();
  const auto writer = there->create("a.mbk");
  const Error error = error_of([&] { writer->write(bytes(kPart)); });
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_THAT(error.message, AllOf(HasSubstr("s3://backups/prod"), HasSubstr("503 SlowDown"), HasSubstr("7 attempts")));
  EXPECT_THAT(server_.objects(), IsEmpty());
}

TEST_F(S3, AnObjectThatWasReplacedWhileItIsReadIsAnError) {
  const auto there = store();
  write(*there, "a.mbk", bytes(kPart));
  const auto reader = there->open("a.mbk");
  char byte;
  ASSERT_EQ(reader->read(&byte, 1), 1U);
  server_.put("prod/a.mbk", bytes(kPart - 1));
  EXPECT_THAT(error_of([&] { read_all(*reader); }).message, HasSubstr("PreconditionFailed"));
}

TEST_F(S3, WhatIsRefusedIsSaidWithWhatToDo) {
  struct Case {
    std::function<void(S3Options&)> change;
    std::string_view said, next;
  };
  const std::vector<Case> cases{
      {[](S3Options& o) { o.credentials.secret_key = "guess"; }, "SignatureDoesNotMatch", "backup.s3_secret_key"},
      {[](S3Options& o) { o.credentials.access_key = "AKIDOTHER"; }, "InvalidAccessKeyId", "credentials"},
      {[](S3Options& o) { o.region = "us-east-1"; }, "expecting 'eu-test-1'", "backup.s3_region"},
      {[](S3Options& o) { o.bucket = "nowhere"; }, "NoSuchBucket", "make the bucket \"nowhere\""},
      {[](S3Options& o) { o.credentials.secret_key = ""; }, "no credentials", "AWS_SECRET_ACCESS_KEY"},
      {[](S3Options& o) { o.endpoint = "minio:9000"; }, "backup.s3_endpoint", "https://"},
  };
  for (const Case& each : cases) {
    const Error error = error_of([&] { store(each.change)->list(); });
    EXPECT_EQ(error.kind, ErrorKind::usage) << each.said;
    EXPECT_THAT(error.message, HasSubstr(each.said));
    EXPECT_THAT(error.next_step, HasSubstr(each.next));
    EXPECT_THAT(error.message + error.next_step, Not(HasSubstr("s3cret")));
  }
  EXPECT_EQ(error_of([&] { store()->open("missing.mbk"); }).kind, ErrorKind::usage);
}

TEST(S3Token, TemporaryCredentialsAreSignedWithTheirToken) {
  const S3Server server("T0KEN");
  StoreOptions options = server.options();
  EXPECT_THAT(error_of([&] { open_store(options)->list(); }).message, HasSubstr("403"));
  options.s3.credentials.session_token = "T0KEN";
  EXPECT_THAT(open_store(options)->list(), IsEmpty());
}

class S3Command : public S3 {
 protected:
  S3Command() {
    folder_.write("martlet.toml", "url = \"sqlite:shop.db\"\n");
    folder_.write("migrations/V001__orders.sql",
                  "CREATE TABLE orders (id integer PRIMARY KEY, note text);\n"
                  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)\n"
                  "INSERT INTO orders SELECT i, hex(randomblob(400)) FROM n;\n");
    EXPECT_EQ(run({"up"}).exit_code, 0);
  }
  Finished run(std::vector<std::string> arguments, Environment more = {}) const {
    Environment environment = server_.environment();
    for (const auto& [name, value] : more) environment[name] = value;
    return martlet(std::move(arguments), std::move(environment), folder_.path());
  }

  const TemporaryFolder folder_;
};

TEST_F(S3Command, ABackupIsTakenListedVerifiedPinnedFetchedRestoredAndExpired) {
  const Finished taken = run({"backup", "--json"});
  ASSERT_EQ(taken.exit_code, 0) << taken;
  const std::string file = nlohmann::json::parse(taken.out).at("backup").at("file");
  EXPECT_THAT(server_.objects(), ElementsAre("prod/" + file));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "backups"));
  EXPECT_THAT(run({"backups"}).out, HasSubstr(file.substr(0, 20)));
  const Finished verified = run({"backups", "verify", "latest"});
  EXPECT_EQ(verified.exit_code, 0) << verified;
  EXPECT_EQ(run({"backups", "pin", "latest", "--reason", "kept"}).exit_code, 0);
  EXPECT_THAT(run({"backups", "show", "latest"}).out, HasSubstr("orders"));
  EXPECT_EQ(run({"backups", "fetch", "latest", "copy.mbk"}).exit_code, 0);
  EXPECT_EQ(folder_.read("copy.mbk"), server_.content("prod/" + file));
  const Finished restored = run({"restore", "latest", "--yes"});
  EXPECT_EQ(restored.exit_code, 0) << restored;
  EXPECT_EQ(run({"backups", "expire", "--dry-run"}).exit_code, 0);
}

TEST_F(S3Command, ADamagedObjectIsFound) {
  ASSERT_EQ(run({"backup"}).exit_code, 0);
  const std::string key = server_.objects().at(0);
  std::string content = server_.content(key);
  content[content.size() / 2] ^= 1;
  server_.put(key, content);
  EXPECT_NE(run({"backups", "verify", "latest", "--level", "structure"}).exit_code, 0);
}

TEST_F(S3Command, KillingItInTheMiddleLeavesNothingUnderAName) {
  for (const std::string_view point : {"backup-write:20", "backup-part-sent", "backup-before-name"}) {
    const Finished killed = run({"backup"}, {{"MARTLET_FAILPOINT", std::string(point)}});
    EXPECT_EQ(killed.signal, SIGKILL) << point << killed;
    EXPECT_THAT(server_.objects(), IsEmpty()) << point;
  }
  EXPECT_EQ(run({"backup"}).exit_code, 0);
}

TEST_F(S3Command, ExpiringRemovesWhatKilledBackupsHaveSent) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(run({"backup"}, {{"MARTLET_FAILPOINT", "backup-part-sent"}}).signal, SIGKILL);
  }
  const auto other = store();
  const auto others = other->create("not_a_backup.bin");
  others->write(bytes(kPart + 1));
  EXPECT_EQ(run({"backups", "expire"}).out, "") << "it may be at work";
  server_.age_uploads(25);
  EXPECT_THAT(run({"backups", "expire", "--dry-run"}).out, AllOf(HasSubstr("would go"), HasSubstr("never completed")));
  EXPECT_EQ(server_.asked({"DELETE", "uploadId"}), 0U);
  EXPECT_THAT(run({"maintain"}).out, HasSubstr("expired backup db_backup_full_"));
  EXPECT_EQ(server_.asked({"DELETE", "db_backup_full_", "uploadId", "204"}), 2U);
  EXPECT_EQ(run({"backups", "expire"}).out, "");
  others->commit();
  EXPECT_THAT(server_.objects(), ElementsAre("prod/not_a_backup.bin"));
}

TEST_F(S3Command, AStoreThatShowsNoUploadsIsNoError) {
  ASSERT_EQ(run({"backup"}).exit_code, 0);
  server_.faults("GET uploads 403 9");
  EXPECT_EQ(run({"backups", "expire"}).exit_code, 0);
}

TEST_F(S3Command, CredentialsAreShownNowhere) {
  server_.faults("HEAD .mbk 500 1");
  const Finished taken = run({"backup", "--verbose"}, {{"MARTLET_LOG_FILE", "martlet.log"}});
  EXPECT_EQ(taken.exit_code, 0) << taken;
  EXPECT_THAT(taken.out + taken.err + folder_.read("martlet.log") + run({"config"}).out, Not(HasSubstr("s3cret")));
  const Finished refused = run({"backup"}, {{"AWS_SECRET_ACCESS_KEY", "another+s3cret"}});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("SignatureDoesNotMatch"), Not(HasSubstr("s3cret"))));
}

TEST_F(S3Command, ABucketThatIsNoneIsRefused) {
  for (const std::string_view bad : {"backups", "s3://", "s3://Bad_Name/x", "s3://backups//x", "s3://backups/../x"}) {
    const Finished refused = run({"backups"}, {{"MARTLET_BACKUP_S3", std::string(bad)}});
    EXPECT_EQ(refused.exit_code, 2) << bad;
    EXPECT_THAT(refused.err, AllOf(HasSubstr("backup.s3 is"), HasSubstr("s3://BUCKET/PREFIX"))) << bad;
  }
}

}  // namespace
}  // namespace martlet::testing
