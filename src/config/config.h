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
  std::string problem;  // why the value cannot be had: `env:NAME` where NAME is not set; "" = it is fine
};

/// What may stand in a value. Paths and SQLite URLs that come from a file are relative to that file's folder. A URL and
/// a credential may be written as `env:VARIABLE` or `file:PATH`. `words`: a string, or a list of strings, which becomes
/// one with commas between.
enum class ConfigType { text, flag, number, duration, path, url, credential, choice, words };

/// One key that martlet knows. The table of all of them (config/keys.cc) drives parsing, `martlet config`, the
/// suggestions for unknown keys, and docs.
struct ConfigKey {
  std::string_view name;       // "lock_wait", "migrations.dir", "history.view"
  std::string_view variables;  // environment variables read, in order, separated by spaces: "MARTLET_URL DATABASE_URL"
  std::string_view default_value;  // "" = none
  std::string_view help;
  bool secret = false;           // never shown as it is
  bool per_environment = false;  // may also stand in [environments.NAME], which wins over the top level
  ConfigType type = ConfigType::text;
  std::string_view choices;  // for a choice: "error|warn|allow"
};

/// One table of those that may be repeated, such as a [[gate]]: its keys are known and their types right
/// (config/records.h); what they mean is for who reads them to check.
struct ConfigRecord {
  struct Field {
    std::string text;
    Place place;          // unknown for a default
    std::string problem;  // why the value cannot be had: `env:NAME` where NAME is not set
  };
  std::string kind;  // "gate"
  Place place;
  std::map<std::string, Field, std::less<>> fields;

  bool is_set(std::string_view key) const;
  /// "" where unset. Throws Error{usage} at its place where it is `env:NAME` or `file:PATH` and that is not there.
  std::string text(std::string_view key) const;
  Milliseconds duration(std::string_view key) const;
  long number(std::string_view key) const;
  /// Where the key stands; the table itself, where the key is not given.
  Place place_of(std::string_view key) const;
  /// An Error{usage} at the key's place.
  Error wrong(std::string_view key, std::string message) const;

 private:
  const Field& field(std::string_view key) const;
};

class Config {
 public:
  struct Sources {
    std::map<std::string, std::string> flags;       // by key name: what the command line set
    std::map<std::string, std::string> flag_names;  // by key name: the flag that set it, where the name differs
    std::string config_file;                        // "" = martlet.toml in this folder or above, if there is one
    std::string env_file;                           // "" = .env beside it, if there is one
    std::string environment;  // --env NAME; "" = MARTLET_ENV, else the file's `default_environment`
  };
  /// Precedence: flag > environment > .env > martlet.toml > default. Where an environment was chosen by --env or
  /// MARTLET_ENV, the URLs it defines win over DATABASE_URL and its like: `--env production` must not end up
  /// elsewhere. PG* variables in .env are handed to libpq through this process's environment.
  /// Throws Error{usage} with file:line for broken TOML, an unknown key (nearest spelling named), a value of the wrong
  /// type, an unknown environment, a missing file that was asked for.
  static Config load(const Sources& sources);

  /// "" where unset. Throws Error{usage} where the value is `env:NAME` or `file:PATH` and that is not there.
  std::string text(std::string_view key) const;
  bool flag(std::string_view key) const;  // "true"/"1"/"yes"/"on"; throws Error{usage} for anything else set
  long number(std::string_view key) const;
  Milliseconds duration(std::string_view key) const;
  std::vector<std::string> list(std::string_view key) const;
  bool is_set(std::string_view key) const;
  /// Where the value came from, "" where unset.
  std::string source(std::string_view key) const;
  /// Why text() would throw, "" where it would not.
  std::string problem(std::string_view key) const;

  /// The environment in use: its name, "" where none is chosen.
  const std::string& environment() const { return environment_; }
  bool is_protected() const { return flag("protected"); }
  const std::vector<std::string>& environments() const { return environments_; }
  /// [placeholders]: ${name} → text.
  const std::map<std::string, std::string>& placeholders() const { return placeholders_; }
  /// [lint] severity: hazard → what was written and where; an environment's own ([environments.X.lint]) win.
  struct WrittenSeverity {
    std::string text;
    Place place;
  };
  const std::map<std::string, WrittenSeverity>& severities() const { return severities_; }
  /// The tables of a kind, as [[gate]], in the file's order: those at the top, where the environment has none of the
  /// same name, then the environment's own ([[environments.X.gate]]).
  std::vector<ConfigRecord> records(std::string_view kind) const;
  /// Every key with its value and source, secrets masked, in the order of the key table.
  std::vector<std::pair<const ConfigKey*, ConfigValue>> shown() const;
  /// The folder that relative paths of the configuration are relative to.
  const std::string& root() const { return root_; }
  /// The martlet.toml that was read, "" where there is none.
  const std::string& file() const { return file_; }

 private:
  friend class ConfigLoader;
  std::map<std::string, ConfigValue, std::less<>> values_;
  std::map<std::string, std::string> placeholders_;
  std::map<std::string, WrittenSeverity> severities_;
  std::vector<ConfigRecord> records_;
  std::vector<std::string> environments_;
  std::string environment_;
  std::string root_ = ".";
  std::string file_;
};

const std::vector<ConfigKey>& config_keys();
/// The key of this name, or nullptr.
const ConfigKey* find_config_key(std::string_view name);

/// Writes `default_environment = "NAME"` into a martlet.toml, everything else in it left as it is.
void write_default_environment(const std::string& file, const std::string& name);

}  // namespace martlet
