// All rooms share one namespace: two types of one name would become one in the linker's eyes, and each room's code
// would work on the other's.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/text.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

// The types that a file defines outside unnamed namespaces; nested ones are indented.
std::vector<std::string> types_of(const std::string& text) {
  static const std::regex kDefinition(R"(^(?:class|struct|enum class|enum) (\w+)(?: final)?(?: : [^;{]*)? \{.*$)");
  std::vector<std::string> types;
  bool unnamed = false;
  for (const std::string& line : split_lines(text)) {
    std::smatch match;
    if (line == "namespace {") unnamed = true;
    if (line == "}  // namespace") unnamed = false;
    if (!unnamed && std::regex_match(line, match, kDefinition)) types.push_back(match[1]);
  }
  return types;
}

TEST(Names, NoTwoFilesDefineATypeOfTheSameName) {
  std::map<std::string, std::string> file_of;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(MARTLET_SOURCE_DIR) / "src")) {
    if (entry.path().extension() != ".h" && entry.path().extension() != ".cc") continue;
    for (const std::string& type : types_of(read_file(entry.path()))) {
      const auto [known, is_new] = file_of.emplace(type, entry.path().string());
      EXPECT_TRUE(is_new) << type << " is defined in " << known->second << " and in " << entry.path();
    }
  }
  EXPECT_GT(file_of.size(), 100u) << "the definitions were not found";
}

TEST(Names, SeesDefinitionsButNoDeclarations) {
  EXPECT_EQ(
      types_of("class A {\nstruct B : C {\nenum class D { x };\nclass E;\nnamespace {\nclass F {\n}  // namespace\n"
               "class G final : public H {\n  struct Nested {\n"),
      (std::vector<std::string>{"A", "B", "D", "G"}));
}

}  // namespace
}  // namespace martlet
