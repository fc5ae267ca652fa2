#include "config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "base/digest.h"
#include "base/files.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A folder of its own as the working directory, and none of the variables that martlet reads.
class ConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    before_ = fs::current_path();
    folder_ = fs::temp_directory_path() / ("martlet-config-" + random_hex(6));
    fs::create_directories(folder_);
    fs::current_path(folder_);
    for (const ConfigKey& key : config_keys()) {
      for (const std::string& name : names_of(key)) unsetenv(name.c_str());
    }
    for (const char* name : {"PGHOST", "PGHOSTADDR", "PGDATABASE", "PGSERVICE", "PGUSER", "MARTLET_CONFIG", "SECRET"})
      unsetenv(name);
  }
  void TearDown() override {
    for (const std::string& name : set_) unsetenv(name.c_str());
    fs::current_path(before_);
    fs::remove_all(folder_);
  }

  static std::vector<std::string> names_of(const ConfigKey& key) {
    std::vector<std::string> names;
    std::string name;
    for (const char c : std::string(key.variables) + " ") {
      if (c != ' ') {
        name += c;
      } else if (!name.empty()) {
        names.push_back(std::move(name));
        name.clear();
      }
    }
    return names;
  }
  void variable(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  static void toml(const std::string& text) { write_file("martlet.toml", text); }
  static Config load(const std::string& environment = "") {
    Config::Sources sources;
    sources.environment = environment;
    return Config::load(sources);
  }
  static Error failure(const std::string& environment = "") {
    try {
      load(environment);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "no error";
    return {ErrorKind::internal, ""};
  }

  fs::path before_, folder_;
  std::vector<std::string> set_;
};

TEST_F(ConfigTest, WithoutAnythingThereAreDefaultsAndNoUrl) {
  const Config config = load();
  EXPECT_FALSE(config.is_set("url"));
  EXPECT_EQ(config.duration("lock_wait"), Milliseconds(100));
  EXPECT_EQ(config.source("lock_wait"), "default");
  EXPECT_EQ(config.text("migrations.dir"), "migrations");
}

TEST_F(ConfigTest, FlagWinsOverEnvironmentOverDotenvOverToml) {
  toml("\nurl = \"sqlite:toml.db\"\n");
  EXPECT_EQ(load().text("url"), "sqlite:toml.db");
  EXPECT_EQ(load().source("url"), "martlet.toml:2");
  write_file(".env", "# a comment\nexport DATABASE_URL='sqlite:dotenv.db'\n");
  EXPECT_EQ(load().text("url"), "sqlite:dotenv.db");
  EXPECT_EQ(load().source("url"), ".env:2");
  variable("DATABASE_URL", "sqlite:environment.db");
  EXPECT_EQ(load().source("url"), "environment DATABASE_URL");
  variable("MARTLET_URL", "sqlite:martlet.db");
  EXPECT_EQ(load().text("url"), "sqlite:martlet.db");
  Config::Sources sources;
  sources.flags["url"] = "sqlite:flag.db";
  EXPECT_EQ(Config::load(sources).text("url"), "sqlite:flag.db");
  EXPECT_EQ(Config::load(sources).source("url"), "flag --url");
}

TEST_F(ConfigTest, LibpqVariablesAreAUrl) {
  variable("PGUSER", "ana");
  EXPECT_FALSE(load().is_set("url"));
  variable("PGHOST", "db");
  EXPECT_EQ(load().text("url"), "postgresql://");
}

TEST_F(ConfigTest, AnEnvironmentThatWasAskedForWinsOverDatabaseUrl) {
  toml(
      "default_environment = \"dev\"\n[environments.dev]\nurl = \"sqlite:dev.db\"\n"
      "[environments.production]\nurl = \"sqlite:production.db\"\nprotected = true\n");
  variable("DATABASE_URL", "sqlite:elsewhere.db");
  EXPECT_EQ(load().text("url"), "sqlite:elsewhere.db");
  EXPECT_EQ(load("production").text("url"), "sqlite:production.db");
  EXPECT_TRUE(load("production").is_protected());
  EXPECT_FALSE(load().is_protected());
  EXPECT_THAT(load().environments(), ElementsAre("dev", "production"));
}

TEST_F(ConfigTest, AMissingVariableIsAnErrorOnlyForWhoNeedsIt) {
  toml("[environments.production]\nurl = \"env:SECRET\"\n");
  const Config config = load("production");
  EXPECT_TRUE(config.is_set("url"));
  EXPECT_THAT(config.problem("url"), HasSubstr("environment production: the variable SECRET is not set"));
  EXPECT_THROW(static_cast<void>(config.text("url")), Error);
  variable("SECRET", "postgres://u:hush@h/d");
  EXPECT_EQ(load("production").text("url"), "postgres://u:hush@h/d");
}

TEST_F(ConfigTest, AValueMayStandInAFile) {
  write_file("secret.txt", "sqlite:from-file.db\n");
  toml("url = \"file:secret.txt\"\n");
  EXPECT_EQ(load().text("url"), "sqlite:from-file.db");
  fs::remove("secret.txt");
  EXPECT_THAT(load().problem("url"), HasSubstr("secret.txt"));
}

TEST_F(ConfigTest, SecretsAreNeverShown) {
  toml("url = \"postgres://ana:hush@db.example/shop?sslpassword=hush2\"\n");
  for (const auto& [key, value] : load().shown()) {
    EXPECT_THAT(value.text, Not(HasSubstr("hush")));
    if (key->name != "url") continue;
    EXPECT_THAT(value.text, HasSubstr("ana:***@db.example/shop"));
  }
}

TEST_F(ConfigTest, FoundInAFolderAboveWithItsPaths) {
  toml("url = \"sqlite:a.db\"\n[migrations]\ndir = \"m\"\n");
  fs::create_directories("x/y");
  fs::current_path("x/y");
  const Config config = load();
  EXPECT_EQ(config.file(), "../../martlet.toml");
  EXPECT_EQ(config.text("url"), "sqlite:../../a.db");
  EXPECT_EQ(config.text("migrations.dir"), "../../m");
  EXPECT_EQ(config.text("seeds.dir"), "../../seeds");
}

TEST_F(ConfigTest, BrokenTomlIsToldWithItsPlace) {
  toml("url = \"a\"\nlock_wait = = 3\n");
  const Error error = failure();
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_EQ(error.place.file, "martlet.toml");
  EXPECT_EQ(error.place.line, 2);
  EXPECT_GT(error.place.column, 1);
}

TEST_F(ConfigTest, AnUnknownKeyIsToldWithTheNearestOne) {
  toml("[migrations]\ndri = \"x\"\n");
  const Error error = failure();
  EXPECT_EQ(error.place.text(), "martlet.toml:2:1");
  EXPECT_THAT(error.message, HasSubstr("migrations.dri"));
  EXPECT_THAT(error.next_step, HasSubstr("migrations.dir"));
}

TEST_F(ConfigTest, AWrongTypeIsTold) {
  toml("protected = \"yes\"\n");
  EXPECT_EQ(failure().message, "protected must be true or false, not a string");
  toml("[environments]\nproduction = 3\n");
  EXPECT_THAT(failure().message, HasSubstr("environments.production must be a table"));
}

TEST_F(ConfigTest, AWrongChoiceOrDurationIsToldWithItsSource) {
  variable("MARTLET_OUT_OF_ORDER", "maybe");
  EXPECT_EQ(failure().message,
            "out_of_order is \"maybe\" (environment MARTLET_OUT_OF_ORDER), but must be one of error, warn, allow");
  variable("MARTLET_OUT_OF_ORDER", "warn");
  variable("MARTLET_LOCK_WAIT", "soon");
  EXPECT_THAT(failure().message, HasSubstr("lock_wait"));
}

TEST_F(ConfigTest, AnUnknownEnvironmentIsTold) {
  EXPECT_THAT(failure("production").message, HasSubstr("unknown environment \"production\""));
  toml("[environments.production]\nurl = \"sqlite:a\"\n");
  EXPECT_THAT(failure("prodution").next_step, HasSubstr("production"));
}

TEST_F(ConfigTest, AFileThatWasAskedForMustBeThere) {
  Config::Sources sources;
  sources.config_file = "other.toml";
  EXPECT_THROW(Config::load(sources), Error);
}

TEST_F(ConfigTest, PlaceholdersOfTheEnvironmentWin) {
  toml("[placeholders]\nrole = \"app\"\nschema = \"shop\"\n[environments.test.placeholders]\nrole = \"tester\"\n");
  EXPECT_EQ(load().placeholders().at("role"), "app");
  EXPECT_EQ(load("test").placeholders().at("role"), "tester");
  EXPECT_EQ(load("test").placeholders().at("schema"), "shop");
}

TEST_F(ConfigTest, TheDefaultEnvironmentIsWrittenAndTheRestStays) {
  toml("# mine\ndefault_environment = \"a\"  \n[environments.a]\n[environments.b]\n# end\n");
  write_default_environment("martlet.toml", "b");
  EXPECT_EQ(read_file("martlet.toml"),
            "# mine\ndefault_environment = \"b\"\n[environments.a]\n[environments.b]\n# end\n");
  toml("[environments.a]\n");
  write_default_environment("martlet.toml", "a");
  EXPECT_EQ(read_file("martlet.toml"), "default_environment = \"a\"\n[environments.a]\n");
}

}  // namespace
}  // namespace martlet
