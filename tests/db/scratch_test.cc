// Throwaway databases and servers.
#include "scratch/scratch.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/cluster.h"
#include "tests/support/errors.h"
#include "tests/support/folder.h"

namespace martlet {
namespace {

using testing::error_of;
using SameServer = ScratchDatabase::SameServer;

TEST(Scratch, IsMadeOnTheTargetsServerAndDropped) {
  const testing::TestDatabase target = testing::fresh_database();
  const auto connection = target.connect();
  Url url;
  {
    const ScratchDatabase scratch(target.url(), {});
    url = scratch.url();
    EXPECT_NE(url.database(), target.name());
    open_connection(url)->execute("CREATE TABLE t (a integer)");
    const auto names = scratch_databases(*connection);
    EXPECT_NE(std::find(names.begin(), names.end(), url.database()), names.end());
  }
  EXPECT_FALSE(driver_for(url).database_exists(url));
}

TEST(Scratch, IsDroppedThoughSessionsAreOpen) {
  const testing::TestDatabase target = testing::fresh_database();
  std::unique_ptr<Connection> left_open;
  Url url;
  {
    const ScratchDatabase scratch(target.url(), {});
    url = scratch.url();
    left_open = open_connection(url);
  }
  EXPECT_FALSE(driver_for(url).database_exists(url));
  EXPECT_THROW(left_open->execute("SELECT 1"), ConnectionLost);
}

TEST(Scratch, IsMadeOnTheScratchServerWhereOneIsGiven) {
  const testing::TestDatabase target = testing::fresh_database();
  const LocalServer other;
  const ScratchDatabase scratch(target.url(), {.server = other.url(), .same_server = SameServer::forbidden});
  EXPECT_NE(scratch.url().text().find(other.socket_folder().string()), std::string::npos);
  EXPECT_TRUE(scratch_databases(*target.connect()).empty());
}

TEST(Scratch, IsMadeOnALocalServerForAProtectedTarget) {
  const testing::TestDatabase target = testing::fresh_database();
  std::filesystem::path folder;
  {
    const ScratchDatabase scratch(target.url(), {.same_server = SameServer::forbidden});
    EXPECT_TRUE(scratch_databases(*target.connect()).empty());
    EXPECT_EQ(open_connection(scratch.url())->execute("SELECT 1").rows.at(0).at(0), "1");
    const Value socket = open_connection(scratch.url())->execute("SHOW unix_socket_directories").rows.at(0).at(0);
    folder = socket.value();
    EXPECT_TRUE(std::filesystem::exists(folder));
  }
  EXPECT_FALSE(std::filesystem::exists(folder)) << "the server and its folder are gone";
}

TEST(Scratch, IsMadeOnALocalServerWithoutThePrivilege) {
  const testing::TestDatabase target = testing::fresh_database();
  const testing::TestRole role(target, "LOGIN");
  const ScratchDatabase scratch(target.url_as(role.name()), {});
  EXPECT_EQ(scratch.where(), "on a local throwaway server");
}

TEST(Scratch, OfSqliteIsAFileThatIsRemoved) {
  const testing::TemporaryFolder folder;
  Url url;
  {
    const ScratchDatabase scratch(Url::parse("sqlite:" + (folder / "a.db").string()), {});
    url = scratch.url();
    open_connection(url)->execute("CREATE TABLE t (a integer)");
  }
  EXPECT_FALSE(driver_for(url).database_exists(url));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Scratch, AServerOfAnotherKindIsRefused) {
  const ScratchDatabase::Options options{.server = Url::parse("sqlite::memory:")};
  EXPECT_EQ(error_of([&] { ScratchDatabase(testing::cluster().url(), options); }).kind, ErrorKind::usage);
}

TEST(LocalServer, KeepsWhatIsDurableThroughACrash) {
  LocalServer server({.durable = true});
  const testing::TestDatabase database(server);
  database.query("CREATE TABLE t AS SELECT 1 AS a");
  server.stop(LocalServer::Stop::immediate);
  EXPECT_THROW(database.connect(), Error);
  server.start();
  EXPECT_EQ(database.value("SELECT a FROM t"), "1");
  server.stop(LocalServer::Stop::fast);
  server.start();
  EXPECT_EQ(database.value("SELECT a FROM t"), "1");
}

TEST(LocalServer, AServerThatCannotStartShowsItsLog) {
  const Error error = error_of([] { LocalServer({.settings = {{"no_such_setting", "1"}}}); });
  EXPECT_EQ(error.kind, ErrorKind::connection);
  EXPECT_NE(error.detail.find("no_such_setting"), std::string::npos) << error.detail;
}

}  // namespace
}  // namespace martlet
