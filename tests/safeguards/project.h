// A project as a team has it: a martlet.toml, migrations, and a database; commands as they are typed.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/cluster.h"
#include "tests/support/folder.h"
#include "tests/support/martlet.h"

namespace martlet::testing {

class Project {
 public:
  TestDatabase database = fresh_database();

  /// martlet.toml; the URL stands at its top.
  void configure(const std::string& text) { write("martlet.toml", "url = \"env:TEST_URL\"\n" + text); }
  void write(const std::string& name, const std::string& text) { folder_.write(name, text); }
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path file(const std::string& name) const { return folder_ / name; }

  Command command(std::vector<std::string> words) const {
    return martlet_command(std::move(words), environment(), folder_.path());
  }
  Finished type(std::vector<std::string> words) const { return run(command(std::move(words))); }

  /// One row, one line: values with | between.
  std::string ask(const std::string& sql) const {
    std::string text;
    for (const Row& row : database.query(sql).rows) {
      for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "|" : "") + row[i].value_or("NULL");
      text += "\n";
    }
    return text;
  }
  /// What the audit says, oldest first: "event" or "event: detail".
  std::string events() const { return ask("SELECT event FROM martlet.audit ORDER BY number"); }
  std::string details(const std::string& event) const {
    return ask("SELECT detail FROM martlet.audit WHERE event = '" + event + "' ORDER BY number");
  }
  bool has_table(const std::string& name) const {
    return database.value("SELECT to_regclass('" + name + "') IS NOT NULL") == "t";
  }
  /// The chain of hashes holds.
  void expect_audit_verifies() const {
    const Finished finished = type({"audit", "verify"});
    EXPECT_EQ(finished.exit_code, 0) << finished;
  }

 private:
  Environment environment() const {
    return {{"TEST_URL", database.text()},
            {"MARTLET_ACTOR", "tester"},
            {"CI", std::nullopt},
            {"GITHUB_ACTIONS", std::nullopt}};
  }
  TemporaryFolder folder_;
};

}  // namespace martlet::testing
