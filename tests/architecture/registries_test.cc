// A linker may drop what nobody names: everything that the sources register must be in the program.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "alert/sink.h"
#include "alert/trigger.h"
#include "backup/engine/engine.h"
#include "backup/store/store.h"
#include "base/files.h"
#include "base/registry.h"
#include "cli/command.h"
#include "cli/lint/report.h"
#include "cli/preflight/preflight.h"
#include "db/connection.h"
#include "effects/alter_table/action.h"
#include "effects/statement_kind.h"
#include "gate/kind.h"
#include "hazard/hazard.h"
#include "migration/layout.h"
#include "step/step.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

const fs::path kSources = fs::path(MARTLET_SOURCE_DIR) / "src";

/// Statements, sub-commands and operations that share everything share a file (effects/statement_kind.h,
/// effects/alter_table/action.h).
bool may_share(const fs::path& file) {
  const std::string folder = fs::relative(file, kSources).begin()->string();
  return folder == "effects" || folder == "recipe";
}

// How many files register something, by type.
std::map<std::string, std::size_t> registering_files() {
  std::map<std::string, std::size_t> count;
  static const std::regex kRegistered(R"(const Registered<(\w+)> k)");
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kSources)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".cc") || name.ends_with("_test.cc")) continue;
    const std::string text = read_file(entry.path());
    std::size_t in_file = 0;
    for (std::sregex_iterator found(text.begin(), text.end(), kRegistered), none; found != none; ++found) {
      ++count[(*found)[1]];
      ++in_file;
    }
    EXPECT_TRUE(in_file <= 1 || may_share(entry.path())) << entry.path() << ": one file, one plug-in";
  }
  return count;
}

template <class T>
void expect_all(const std::map<std::string, std::size_t>& files, const std::string& type) {
  ASSERT_TRUE(files.contains(type));
  EXPECT_EQ(files.at(type), Registry<T>::all().size()) << type;
  std::set<std::string_view> ids;
  for (const T* entry : Registry<T>::all()) EXPECT_TRUE(ids.insert(entry->id).second) << entry->id << " twice";
}

TEST(Registries, HoldEverythingThatTheSourcesRegister) {
  const auto files = registering_files();
  expect_all<Command>(files, "Command");
  expect_all<Layout>(files, "Layout");
  expect_all<Driver>(files, "Driver");
  expect_all<StepKind>(files, "StepKind");
  expect_all<StatementKind>(files, "StatementKind");
  expect_all<AlterAction>(files, "AlterAction");
  expect_all<Hazard>(files, "Hazard");
  expect_all<Recipe>(files, "Recipe");
  expect_all<LintFormat>(files, "LintFormat");
  expect_all<BackupEngine>(files, "BackupEngine");
  expect_all<StoreKind>(files, "StoreKind");
  expect_all<AlertTrigger>(files, "AlertTrigger");
  expect_all<SinkKind>(files, "SinkKind");
  expect_all<GateKind>(files, "GateKind");
  expect_all<BuiltinGate>(files, "BuiltinGate");
  expect_all<PreflightItem>(files, "PreflightItem");
}

TEST(Registries, EveryFileOfCommandsIsACommandOfThatName) {
  std::size_t files = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(kSources / "cli/commands")) {
    ++files;
    EXPECT_NE(Registry<Command>::find(entry.path().stem().string()), nullptr) << entry.path();
  }
  EXPECT_EQ(files, Registry<Command>::all().size());
}

}  // namespace
}  // namespace martlet
