#include "cli/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace martlet {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CommandLine parse(std::vector<std::string> words) {
  return parse_command_line(words);
}

Error failure(const std::vector<std::string>& words) {
  try {
    parse_command_line(words);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ErrorKind::internal, ""};
}

TEST(Parse, OptionsMayStandBeforeAndAfterTheCommand) {
  for (const auto& words : {std::vector<std::string>{"--url", "sqlite:a", "config", "--json"},
                            std::vector<std::string>{"--json", "config", "--url=sqlite:a"},
                            std::vector<std::string>{"-usqlite:a", "config", "--json"}}) {
    const CommandLine line = parse(words);
    EXPECT_EQ(line.command->id, "config");
    EXPECT_EQ(line.sources.flags.at("url"), "sqlite:a");
    EXPECT_TRUE(line.has("json"));
  }
}

TEST(Parse, AnAliasIsTheCommand) {
  EXPECT_EQ(parse({"create", "users"}).command->id, "new");
}

TEST(Parse, NegativeNumbersAreValues) {
  EXPECT_THAT(parse({"seed", "-1"}).arguments.positionals(), ElementsAre("-1"));
  EXPECT_EQ(parse({"config", "--ticket", "-1"}).sources.flags.at("ticket"), "-1");
}

TEST(Parse, AFlagCanStandForAValue) {
  EXPECT_EQ(parse({"config", "--no-color"}).sources.flags.at("color"), "never");
  EXPECT_EQ(parse({"-f", "config"}).sources.flags.at("yes"), "true");
}

TEST(Parse, AfterTwoDashesEverythingIsAnArgument) {
  EXPECT_THAT(parse({"new", "--", "--odd", "name"}).arguments.positionals(), ElementsAre("--odd", "name"));
}

TEST(Parse, DryRunGoesWithACommandThatOnlyReads) {
  EXPECT_EQ(parse({"--dry-run", "validate"}).command->id, "validate");
  EXPECT_EQ(failure({"new", "x", "--dry-run"}).message, "`martlet new` has no --dry-run");
}

TEST(Parse, ScriptLettersWithoutACommandMeanUpAndDown) {
  EXPECT_EQ(parse({"-d"}).command->id, "up");
  EXPECT_EQ(parse({"-v", "-s"}).command->id, "up");
  const CommandLine down = parse({"-r", "003"});
  EXPECT_EQ(down.command->id, "down");
  EXPECT_EQ(down.arguments.text("to"), "003");
}

TEST(Parse, NothingMeansNoCommand) {
  EXPECT_EQ(parse({}).command, nullptr);
}

TEST(Parse, MisspelledWordsAreRecognised) {
  EXPECT_THAT(failure({"statsu"}).next_step, HasSubstr("martlet status"));
  EXPECT_THAT(failure({"config", "--jason"}).next_step, HasSubstr("--json"));
  EXPECT_EQ(failure({"config", "--jason"}).kind, ErrorKind::usage);
}

TEST(Parse, SaysWhatIsWrongWithAnOption) {
  EXPECT_EQ(failure({"config", "--url"}).message, "--url needs a value");
  EXPECT_EQ(failure({"config", "--json=1"}).message, "--json takes no value");
  EXPECT_EQ(failure({"config", "-u", "a", "-u", "b"}).message, "--url was given more than once");
}

TEST(Parse, CountsArguments) {
  EXPECT_EQ(failure({"db"}).message, "db needs ACTION");
  EXPECT_EQ(failure({"heads", "x"}).message, "heads takes no further argument: \"x\"");
}

}  // namespace
}  // namespace martlet
