// A server that wants a password, and the program that has a wrong one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scratch/local_server.h"
#include "tests/run/fault.h"

namespace martlet::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(WrongPassword, EndsEveryCommandWithCode8AndIsNeverShown) {
  LocalServer server({.hba = {"local all postgres trust", "local all all scram-sha-256"}});
  open_connection(server.url())->execute("CREATE ROLE ana LOGIN PASSWORD 'right'");
  const Project project;
  project.write("V001__log.sql", "CREATE TABLE log (what text);\n");
  const Url wrong = with_user(server.url(), "ana", "wr0ng");
  for (const std::string command : {"up", "status", "doctor", "history"}) {
    SCOPED_TRACE(command);
    const Finished finished = project.run(wrong, {command});
    EXPECT_EQ(finished.exit_code, 8) << finished;
    EXPECT_THAT(finished.out + finished.err, AllOf(HasSubstr("password"), Not(HasSubstr("wr0ng"))));
  }
}

}  // namespace
}  // namespace martlet::testing
