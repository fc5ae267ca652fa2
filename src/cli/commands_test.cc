// What holds for every command, whoever wrote it.
#include <gtest/gtest.h>

#include <set>

#include "base/registry.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/terminal.h"

namespace martlet {
namespace {

void expect_fits(std::string_view text, std::string_view whose) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    EXPECT_LE(display_width(line), 80U) << whose << ": " << line;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
}

TEST(Commands, EachSaysWhatItDoes) {
  for (const Command* command : Registry<Command>::all()) {
    EXPECT_FALSE(command->summary.empty()) << command->id;
    EXPECT_FALSE(command->details.empty()) << command->id;
    EXPECT_FALSE(command->group.empty()) << command->id;
    EXPECT_NE(command->run, nullptr) << command->id;
    for (const Option& option : command->options) EXPECT_FALSE(option.help.empty()) << command->id << option.names;
    for (const Positional& each : command->positionals) EXPECT_FALSE(each.help.empty()) << command->id << each.name;
  }
}

TEST(Commands, LinesOfHelpAreBrokenOnce) {
  const std::string help = command_help(*Registry<Command>::find("up"));
  EXPECT_NE(help.find("max_block runs in steps that do not (`martlet plan` shows them), unless --tx\n"),
            std::string::npos)
      << help;
}

TEST(Commands, NamesAndAliasesAreUnique) {
  std::set<std::string> seen;
  for (const std::string& name : command_names()) EXPECT_TRUE(seen.insert(name).second) << name;
}

TEST(Commands, OptionNamesAreUniqueWithinACommand) {
  for (const Command* command : Registry<Command>::all()) {
    std::set<std::string> seen;
    for (const Option& option : command->options) {
      for (const std::string& name : option_names(option)) EXPECT_TRUE(seen.insert(name).second) << command->id << name;
    }
  }
}

void expect_known_keys(const std::vector<Option>& options) {
  for (const Option& option : options) {
    if (option.config_key.empty()) continue;
    EXPECT_NE(find_config_key(option.config_key), nullptr) << option.names;
  }
}

TEST(Commands, ConfigurationKeysOfOptionsExist) {
  for (const Command* command : Registry<Command>::all()) {
    expect_known_keys(command->options);
  }
  expect_known_keys(global_options());
  expect_known_keys(script_options());
}

TEST(Commands, HelpFitsInEightyColumns) {
  expect_fits(short_help(), "short help");
  expect_fits(full_help(), "help");
  for (const Command* command : Registry<Command>::all()) expect_fits(command_help(*command), command->id);
}

}  // namespace
}  // namespace martlet
