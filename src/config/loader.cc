// Puts the sources of a configuration on top of each other.
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "base/files.h"
#include "base/text.h"
#include "config/config.h"
#include "config/dotenv.h"
#include "config/records.h"
#include "config/toml_file.h"

namespace martlet {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kFileName = "martlet.toml";

std::optional<std::string> process_variable(const std::string& name) {
  const char* value = getenv(name.c_str());
  return value && *value ? std::optional<std::string>(value) : std::nullopt;
}

// "martlet.toml", "../martlet.toml", …: the nearest one, as people would write its path from here.
std::string search_upwards() {
  std::error_code ignored;
  const fs::path here = fs::current_path(ignored);
  std::string prefix;
  for (fs::path folder = here; !folder.empty(); folder = folder.parent_path()) {
    if (fs::is_regular_file(folder / kFileName, ignored)) return prefix + std::string(kFileName);
    if (folder == folder.root_path()) break;
    prefix += "../";
  }
  return {};
}

std::string folder_of(const std::string& file) {
  const std::string folder = fs::path(file).parent_path().string();
  return folder.empty() ? "." : folder;
}

std::string under(const std::string& folder, const std::string& path) {
  return folder == "." || fs::path(path).is_absolute() ? path : (fs::path(folder) / path).string();
}

// Paths, and the paths in SQLite URLs, that stand in a file are relative to that file's folder.
std::string relative_to(const std::string& folder, const ConfigKey& key, const std::string& text) {
  if (text.empty()) return text;
  if (key.type == ConfigType::path) return under(folder, text);
  constexpr std::string_view kSqlite = "sqlite:";
  if (key.type != ConfigType::url || !text.starts_with(kSqlite)) return text;
  const std::string path = text.substr(kSqlite.size());
  return path.starts_with(':') || path.starts_with("//") ? text : std::string(kSqlite) + under(folder, path);
}

}  // namespace

class ConfigLoader {
 public:
  explicit ConfigLoader(const Config::Sources& sources) : sources_(sources) {}

  Config load() {
    read_toml();
    read_dotenv();
    choose_environment();
    for (const ConfigKey& key : config_keys()) resolve(key);
    resolve_placeholders();
    resolve_severities();
    resolve_records();
    for (const auto& [name, section] : toml_.environments) config_.environments_.push_back(name);
    return std::move(config_);
  }

 private:
  void read_toml() {
    config_.file_ =
        sources_.config_file.empty() ? process_variable("MARTLET_CONFIG").value_or("") : sources_.config_file;
    if (config_.file_.empty()) config_.file_ = search_upwards();
    if (config_.file_.empty()) return;
    toml_ = parse_toml(read_file(config_.file_), config_.file_);
    config_.root_ = folder_of(config_.file_);
  }

  void read_dotenv() {
    dotenv_file_ = sources_.env_file.empty() ? under(config_.root_, ".env") : sources_.env_file;
    std::error_code ignored;
    if (sources_.env_file.empty() && !fs::is_regular_file(dotenv_file_, ignored)) return;
    for (DotenvEntry& entry : parse_dotenv(read_file(dotenv_file_), dotenv_file_)) {
      // libpq reads its own variables from the process; what is set there already wins.
      if (entry.name.starts_with("PG")) setenv(entry.name.c_str(), entry.value.c_str(), 0);
      dotenv_[entry.name] = {entry.value, fmt::format("{}:{}", dotenv_file_, entry.line), {}};
    }
  }

  void choose_environment() {
    explicit_ = true;
    if (!sources_.environment.empty()) {
      chosen_ = {sources_.environment, "flag --env", {}};
    } else if (const auto variable = from_variables(*find_config_key("default_environment"))) {
      chosen_ = *variable;
    } else if (const auto found = toml_.top.values.find("default_environment"); found != toml_.top.values.end()) {
      explicit_ = false;
      chosen_ = from_toml(found->second);
    }
    config_.environment_ = chosen_.text;
    if (chosen_.text.empty()) return;
    if (const auto found = toml_.environments.find(chosen_.text); found != toml_.environments.end()) {
      section_ = &found->second;
      return;
    }
    throw unknown_environment();
  }

  Error unknown_environment() const {
    std::vector<std::string> names;
    for (const auto& [name, section] : toml_.environments) names.push_back(name);
    const auto meant = nearest(chosen_.text, names);
    Error error(ErrorKind::usage, fmt::format("unknown environment \"{}\" ({})", chosen_.text, chosen_.source));
    if (names.empty())
      return error.next(config_.file_.empty()
                            ? "there is no martlet.toml: `martlet init` writes one"
                            : fmt::format("add [environments.{}] to {}", chosen_.text, config_.file_));
    if (meant) return error.next(fmt::format("did you mean {}?", *meant));
    return error.next(fmt::format("{} has: {}", config_.file_, join(names, ", ")));
  }

  void resolve(const ConfigKey& key) {
    ConfigValue value = key.name == "default_environment" && !chosen_.text.empty() ? chosen_ : first_set(key);
    if (value.source.empty()) return;
    check(key, value);
    if (key.type == ConfigType::url || key.type == ConfigType::credential) follow_indirection(value);
    config_.values_[std::string(key.name)] = std::move(value);
  }

  ConfigValue first_set(const ConfigKey& key) const {
    if (const auto flag = sources_.flags.find(std::string(key.name)); flag != sources_.flags.end())
      return {flag->second, "flag " + flag_name(key), {}};
    const TomlValue* ours = section_ ? find(*section_, key.name) : nullptr;
    if (explicit_ && ours && key.type == ConfigType::url) return from_toml(*ours, key);
    if (const auto variable = from_variables(key)) return *variable;
    if (key.name == "url" && libpq_variables_set()) return {"postgresql://", "environment PG*", {}};
    if (ours) return from_toml(*ours, key);
    if (const TomlValue* top = find(toml_.top, key.name)) return from_toml(*top, key);
    if (key.default_value.empty()) return {};
    return {relative_to(config_.root_, key, std::string(key.default_value)), "default", {}};
  }

  static const TomlValue* find(const TomlSection& section, std::string_view name) {
    const auto found = section.values.find(name);
    return found == section.values.end() ? nullptr : &found->second;
  }

  std::string flag_name(const ConfigKey& key) const {
    const auto written = sources_.flag_names.find(std::string(key.name));
    if (written != sources_.flag_names.end()) return written->second;
    std::string name = "--" + std::string(key.name.substr(key.name.rfind('.') + 1));
    std::replace(name.begin(), name.end(), '_', '-');
    return name;
  }

  std::optional<ConfigValue> from_variables(const ConfigKey& key) const {
    const std::vector<std::string> names = split_list(key.variables, ' ');
    for (const std::string& name : names) {
      if (const auto value = process_variable(name)) return ConfigValue{*value, "environment " + name, {}};
    }
    for (const std::string& name : names) {
      const auto found = dotenv_.find(name);
      if (found == dotenv_.end() || found->second.text.empty()) continue;
      return ConfigValue{relative_to(folder_of(dotenv_file_), key, found->second.text), found->second.source, {}};
    }
    return std::nullopt;
  }

  // These name a server or a database on their own; PGUSER or PGPASSWORD alone do not.
  static bool libpq_variables_set() {
    static const std::array<std::string, 4> kNames{"PGHOST", "PGHOSTADDR", "PGDATABASE", "PGSERVICE"};
    for (const std::string& name : kNames) {
      if (process_variable(name)) return true;
    }
    return false;
  }

  static ConfigValue from_toml(const TomlValue& value) {
    return {value.text, fmt::format("{}:{}", value.place.file, value.place.line), {}};
  }
  ConfigValue from_toml(const TomlValue& value, const ConfigKey& key) const {
    ConfigValue made = from_toml(value);
    made.text = relative_to(config_.root_, key, made.text);
    return made;
  }

  static void check(const ConfigKey& key, const ConfigValue& value) {
    if (key.type == ConfigType::duration) parse_duration(value.text, fmt::format("{} ({})", key.name, value.source));
    if (key.type != ConfigType::choice) return;
    const std::vector<std::string> choices = split_list(key.choices, '|');
    if (std::find(choices.begin(), choices.end(), value.text) != choices.end()) return;
    throw Error(ErrorKind::usage, fmt::format("{} is \"{}\" ({}), but must be one of {}", key.name, value.text,
                                              value.source, join(choices, ", ")))
        .next("correct the value and run again");
  }

  // A value that cannot be had is an error only for those who ask for it: `martlet validate` needs no database.
  void follow_indirection(ConfigValue& value) const {
    if (value.text.starts_with("env:")) {
      const std::string name = value.text.substr(4);
      value.source += ", " + name;
      if (const auto variable = process_variable(name)) {
        value.text = *variable;
      } else if (const auto found = dotenv_.find(name); found != dotenv_.end()) {
        value.text = found->second.text;
        value.source += fmt::format(" from {}", found->second.source);
      } else {
        value.text.clear();
        value.problem = fmt::format("{}the variable {} is not set ({})", of_environment(), name, value.source);
      }
    } else if (value.text.starts_with("file:")) {
      const std::string path = under(config_.root_, value.text.substr(5));
      value.source += ", " + path;
      value.text.clear();
      try {
        value.text = std::string(trim(read_file(path)));
        if (value.text.empty()) value.problem = fmt::format("{}{} is empty", of_environment(), path);
      } catch (const Error& problem) {
        value.problem = of_environment() + problem.message;
      }
    }
  }

  std::string of_environment() const {
    return chosen_.text.empty() ? std::string() : fmt::format("environment {}: ", chosen_.text);
  }

  void resolve_placeholders() {
    add_placeholders(toml_.top);
    if (section_) add_placeholders(*section_);
  }

  void add_placeholders(const TomlSection& section) {
    for (const auto& [name, written] : section.placeholders) {
      ConfigValue value = from_toml(written);
      follow_indirection(value);
      if (!value.problem.empty())
        throw Error(ErrorKind::usage, value.problem).at(written.place).next("set it, then run again");
      config_.placeholders_[name] = value.text;
    }
  }

  void resolve_records() {
    std::set<std::pair<std::string, std::string>> ours;
    if (section_) {
      for (const ConfigRecord& record : section_->records) ours.emplace(record.kind, name_of(record));
    }
    for (const ConfigRecord& record : toml_.top.records) {
      if (!ours.contains({record.kind, name_of(record)})) config_.records_.push_back(resolved(record));
    }
    if (!section_) return;
    for (const ConfigRecord& record : section_->records) config_.records_.push_back(resolved(record));
  }

  static std::string name_of(const ConfigRecord& record) {
    const auto found = record.fields.find("name");
    return found == record.fields.end() ? "" : found->second.text;
  }

  ConfigRecord resolved(ConfigRecord record) const {
    for (const RecordKey& key : find_record_kind(record.kind)->keys) {
      const ConfigKey shape{.name = key.name, .type = key.type, .choices = key.choices};
      const auto found = record.fields.find(key.name);
      if (found == record.fields.end()) {
        if (!key.default_value.empty()) record.fields[std::string(key.name)].text = key.default_value;
        continue;
      }
      ConfigRecord::Field& field = found->second;
      ConfigValue value{relative_to(config_.root_, shape, field.text), field.place.text(), {}};
      check(shape, value);
      if (key.type == ConfigType::url || key.type == ConfigType::credential) follow_indirection(value);
      field = {value.text, field.place, value.problem};
    }
    return record;
  }

  void resolve_severities() {
    for (const TomlSection* section : {static_cast<const TomlSection*>(&toml_.top), section_}) {
      if (!section) continue;
      for (const auto& [hazard, written] : section->severities) {
        config_.severities_[hazard] = {written.text, written.place};
      }
    }
  }

  const Config::Sources& sources_;
  Config config_;
  TomlFile toml_;
  std::string dotenv_file_;
  std::map<std::string, ConfigValue> dotenv_;
  ConfigValue chosen_;
  bool explicit_ = false;  // the environment was asked for, not merely the file's default
  const TomlSection* section_ = nullptr;
};

Config Config::load(const Sources& sources) {
  return ConfigLoader(sources).load();
}

}  // namespace martlet
