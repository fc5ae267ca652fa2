// cases/*.test: a database of SQLite, an ALTER TABLE, and what the database is after it. With MARTLET_REBASELINE set,
// the results are written anew.
#include "rebuild/rebuild.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "sql/statement.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(MARTLET_SOURCE_DIR) / "tests/rebuild/cases";

struct RebuildCase {
  std::string title, setup, change, result;
};

// "== title", the setup, "-- change", the statements, "-- is", the result.
std::vector<RebuildCase> read_cases(const std::string& text) {
  std::vector<RebuildCase> cases;
  std::string* part = nullptr;
  for (const std::string& line : split_lines(text)) {
    if (line.starts_with("== ")) {
      cases.push_back({.title = line.substr(3)});
      part = &cases.back().setup;
    } else if (line == "-- change") {
      part = &cases.back().change;
    } else if (line == "-- is") {
      part = &cases.back().result;
    } else if (part && !(trim(line).empty())) {
      *part += line + "\n";
    }
  }
  return cases;
}

std::string written(const std::vector<RebuildCase>& cases) {
  std::string text;
  for (const RebuildCase& each : cases) {
    text += fmt::format("{}== {}\n{}-- change\n{}-- is\n{}", text.empty() ? "" : "\n", each.title, each.setup,
                        each.change, each.result);
  }
  return text;
}

void run(Connection& database, const std::string& sql) {
  for (const Statement& each : split({sql, "case"}, Dialect::sqlite)) database.execute(each.text);
}

std::string rows_of(Connection& database, const std::string& table) {
  std::string text;
  const std::string name = quote_identifier(table);
  for (const Row& row : database.execute(fmt::format("SELECT * FROM {}", name)).rows) {
    std::vector<std::string> values;
    for (const Value& value : row) values.push_back(value.value_or("NULL"));
    text += fmt::format("{}: {}\n", table, join(values, "|"));
  }
  return text;
}

std::string content(Connection& database) {
  std::string schema, rows;
  for (const Row& row :
       database.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type <> 'table', rowid").rows) {
    if (row[2]) schema += *row[2] + "\n";
    if (row[0] == "table") rows += rows_of(database, *row[1]);
  }
  return schema + rows;
}

std::string after(const RebuildCase& one) {
  const auto database = open_connection(Url::parse("sqlite::memory:"));
  run(*database, one.setup);
  const std::string before = content(*database);
  try {
    Transaction transaction(*database);
    for (const Statement& each : split({one.change, "case"}, Dialect::sqlite)) {
      const auto change = table_change(each, Dialect::sqlite);
      if (!change) return "left to SQLite\n";
      rebuild_table(*database, *change);
    }
    transaction.commit();
  } catch (const Error& error) {
    EXPECT_EQ(content(*database), before) << one.title << ": something stayed";
    return fmt::format("error: {}\n", error.message) +
           (error.next_step.empty() ? "" : fmt::format("next: {}\n", error.next_step));
  }
  EXPECT_EQ(database->execute("PRAGMA legacy_alter_table").rows[0][0], "0");
  EXPECT_EQ(database->execute("PRAGMA integrity_check").rows[0][0], "ok");
  return content(*database);
}

class RebuildCases : public ::testing::TestWithParam<std::string> {};

TEST_P(RebuildCases, AreWhatTheyShouldBe) {
  const fs::path path = kFolder / (GetParam() + ".test");
  std::vector<RebuildCase> cases = read_cases(read_file(path));
  ASSERT_FALSE(cases.empty());
  for (RebuildCase& each : cases) {
    SCOPED_TRACE(each.title);
    const std::string found = after(each);
    EXPECT_EQ(found, each.result);
    each.result = found;
  }
  if (std::getenv("MARTLET_REBASELINE") != nullptr) write_file(path, written(cases));
}
INSTANTIATE_TEST_SUITE_P(Each, RebuildCases, ::testing::Values("columns", "constraints", "rows", "dependents", "wrong"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace martlet
