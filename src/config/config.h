// Flags, environment, .env and martlet.toml → one resolved configuration, each value with its source.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "base/error.h"

namespace martlet {

/// One configuration value and where it came from: "flag --url", "environment DATABASE_URL", ".env:3",
/// "martlet.toml:12", "default".
struct ConfigValue {
  std::string text;
  std::string source;
};

/// One key that martlet knows. The table of all of them (config/keys.cc) drives parsing, `martlet config`, the
/// suggestions for unknown keys, and docs.
struct ConfigKey {
  std::string_view name;       // "lock_wait", "migrations.dir", "history.view"
  std::string_view variables;  // environment variables read, in order, separated by spaces: "MARTLET_URL DATABASE_URL"
  std::string_view default_value;  // "" = none
  std::string_view help;
  bool secret = false;           // never shown as it is
  bool per_environment = false;  // may also stand in [environments.NAME], which wins over the top level
};

/// A command that is run around a run: `[hooks] before = "…"`.
struct Hooks {
  std::string before, after, on_failure;
};

class Config {
 public:
  struct Sources {
    std::map<std::string, std::string> flags;  // by key name: what the command line set
    std::string config_file;                   // "" = martlet.toml in this folder or above, if there is one
    std::string env_file;                      // "" = .env beside it, if there is one
    std::string environment;                   // --env NAME; "" = `default_environment` of the file
  };
  /// Throws Error{usage} with file:line for broken TOML, an unknown key (nearest spelling named), an unknown
  /// environment, a missing file that was asked for, `env:NAME` where NAME is not set.
  static Config load(const Sources& sources);

  std::string text(std::string_view key) const;  // "" where unset
  bool flag(std::string_view key) const;         // "true"/"1"/"yes"/"on"; throws Error{usage} for anything else set
  long number(std::string_view key) const;
  Milliseconds duration(std::string_view key) const;
  std::vector<std::string> list(std::string_view key) const;
  bool is_set(std::string_view key) const;

  /// The environment in use: its name, "" where none is chosen.
  const std::string& environment() const { return environment_; }
  bool is_protected() const { return flag("protected"); }
  const std::vector<std::string>& environments() const { return environments_; }
  /// [placeholders]: ${name} → text.
  const std::map<std::string, std::string>& placeholders() const { return placeholders_; }
  /// Every key with its value and source, secrets masked, in the order of the key table.
  std::vector<std::pair<const ConfigKey*, ConfigValue>> shown() const;
  /// The folder that relative paths of the configuration are relative to.
  const std::string& root() const { return root_; }

 private:
  friend class ConfigLoader;
  std::map<std::string, ConfigValue, std::less<>> values_;
  std::map<std::string, std::string> placeholders_;
  std::vector<std::string> environments_;
  std::string environment_;
  std::string root_ = ".";
};

const std::vector<ConfigKey>& config_keys();

}  // namespace martlet
