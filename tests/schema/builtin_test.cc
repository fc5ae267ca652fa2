// src/schema/builtin/<name>.tsv is what <name>.sql gives on a PostgreSQL 15 server. With MARTLET_REBASELINE set, the
// files are written anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "tests/support/cluster.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;
using testing::fresh_database;

const fs::path kFolder = fs::path(MARTLET_SOURCE_DIR) / "src/schema/builtin";

std::string without_comments(const std::string& text) {
  std::string rows;
  for (const std::string& line : split_lines(text)) {
    if (!line.starts_with("#")) rows += line + "\n";
  }
  return rows;
}

struct Made {
  std::string columns, rows;
};

Made made_from(Connection& connection, const std::string& sql) {
  Made made;
  made.columns = join(connection.execute("SELECT * FROM (" + sql + ") AS made LIMIT 0").columns, "\t");
  connection.copy_out("COPY (" + sql + ") TO STDOUT", [&](std::string_view chunk) { made.rows += chunk; });
  return made;
}

class BuiltinTest : public ::testing::TestWithParam<std::string> {};

TEST_P(BuiltinTest, IsWhatTheServerSays) {
  const auto database = fresh_database();
  const auto connection = database.connect();
  ASSERT_EQ(connection->version() / 10000, 15) << "the files are of PostgreSQL 15";
  const Made made = made_from(*connection, read_file(kFolder / (GetParam() + ".sql")));
  const fs::path path = kFolder / (GetParam() + ".tsv");
  if (std::getenv("MARTLET_REBASELINE") != nullptr) {
    write_file(path, "# PostgreSQL " + database.value("SHOW server_version") + "; made from " + GetParam() +
                         ".sql by ./dev test --rebaseline\n# " + made.columns + "\n" + made.rows);
  }
  EXPECT_TRUE(without_comments(read_file(path)) == made.rows)
      << path << " differs from the server; ./dev test --rebaseline writes it anew";
}
INSTANTIATE_TEST_SUITE_P(Each, BuiltinTest,
                         ::testing::Values("types", "casts", "functions", "operators", "operator_classes", "relations"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace martlet
