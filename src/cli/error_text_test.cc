#include "cli/error_text.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/digest.h"
#include "base/files.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

TEST(ErrorText, ShowsPlaceLineCaretStateAndNextStep) {
  const fs::path folder = fs::temp_directory_path() / ("martlet-error-" + random_hex(6));
  fs::create_directories(folder);
  const std::string file = (folder / "V007__add_buyer.sql").string();
  write_file(file, "\xEF\xBB\xBF-- x\r\nCREATE INDEX orders_buyer ON orders (buyr);\r\n");
  const Error error = Error(ErrorKind::migration_failed, "column \"buyr\" does not exist")
                          .at({file, 2, 39})
                          .with_sqlstate("42703")
                          .with_detail("first\nsecond")
                          .leaves("the transaction was rolled back; nothing of V007 remains")
                          .next("fix the file and run `martlet up` again");
  EXPECT_EQ(error_text(error, Output({})), "error: " + file +
                                               ":2:39: column \"buyr\" does not exist  (SQLSTATE 42703)\n"
                                               "    2 | CREATE INDEX orders_buyer ON orders (buyr);\n"
                                               "      |                                       ^\n"
                                               "  detail: first\n"
                                               "  second\n"
                                               "  the transaction was rolled back; nothing of V007 remains\n"
                                               "  next: fix the file and run `martlet up` again\n");
  fs::remove_all(folder);
}

TEST(ErrorText, TakesTheLineFromTheStatementWhereThereIsNoFile) {
  Error error(ErrorKind::migration_failed, "syntax error");
  error.statement = "SELECT 1,\n  nöpe x";
  error.position = 18;
  error.with_sqlstate("SQLITE_ERROR");
  EXPECT_EQ(error_text(error, Output({})),
            "error: syntax error  (SQLITE_ERROR)\n"
            "    2 |   nöpe x\n"
            "      |        ^\n");
}

TEST(ErrorText, LongLinesAreShownAroundTheCaret) {
  Error error(ErrorKind::migration_failed, "x");
  error.statement = std::string(500, 'a') + "!" + std::string(500, 'b');
  error.position = 501;
  const std::string text = error_text(error, Output({}));
  const std::string line = text.substr(text.find('\n') + 1, text.find("\n      |") - text.find('\n') - 1);
  EXPECT_NE(line.find('!'), std::string::npos);
  EXPECT_LT(line.size(), 130U);
}

TEST(ErrorText, JsonHasEveryFieldAndNoPassword) {
  Error error = Error(ErrorKind::connection, "cannot connect to postgres://u:hush@h/d").next("look");
  const auto json = error_json(error);
  EXPECT_EQ(json["code"], 8);
  EXPECT_EQ(json["kind"], "connection");
  EXPECT_FALSE(json["ok"]);
  EXPECT_EQ(json["place"], nullptr);
  EXPECT_EQ(json["next"], "look");
  EXPECT_EQ(json.dump().find("hush"), std::string::npos);
}

}  // namespace
}  // namespace martlet
