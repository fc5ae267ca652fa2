#include "config/toml_file.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/text.h"
#include "config/records.h"

namespace martlet {
namespace {

Place place_of(const toml::source_region& region, const std::string& file) {
  return {file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

std::string type_word(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a table";
    default:
      return "a date or time";
  }
}

std::string_view wanted_word(ConfigType type) {
  switch (type) {
    case ConfigType::flag:
      return "true or false";
    case ConfigType::number:
      return "a whole number";
    case ConfigType::duration:
      return "a duration such as \"100ms\" or \"5min\"";
    case ConfigType::words:
      return "a string or a list of strings";
    default:
      return "a string";
  }
}

enum class Scope { top, environment };

class TomlReader {
 public:
  explicit TomlReader(const std::string& file) : file_(file) {}

  TomlFile read(std::string_view text) {
    try {
      const toml::table root = toml::parse(text, file_);
      read_table(root, "", Scope::top, result_.top);
    } catch (const toml::parse_error& problem) {
      throw Error(ErrorKind::usage, fmt::format("not valid TOML: {}", problem.description()))
          .at(place_of(problem.source(), file_))
          .next("correct the file and run again");
    }
    return std::move(result_);
  }

 private:
  void read_table(const toml::table& table, const std::string& prefix, Scope scope, TomlSection& into) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string(key.str());
      const Place place = place_of(key.source(), file_);
      if (name == "placeholders") {
        read_texts(name, node, place, into.placeholders);
      } else if (name == "lint.severity") {
        read_texts(name, node, place, into.severities);
      } else if (const RecordKind* kind = find_record_kind(name)) {
        read_records(*kind, node, place, into.records);
      } else if (name == "environments" && scope == Scope::top) {
        read_environments(node, place);
      } else if (node.is_table() && is_group(name)) {
        read_table(*node.as_table(), name + ".", scope, into);
      } else {
        const ConfigKey& known = known_key(name, scope, place);
        into.values[name] = {checked_text(known, node), place_of(node.source(), file_)};
      }
    }
  }

  void read_environments(const toml::node& node, const Place& place) {
    if (!node.is_table()) throw wrong("environments", node, "tables, as in [environments.production]", place);
    for (const auto& [name, section] : *node.as_table()) {
      if (!section.is_table())
        throw wrong(fmt::format("environments.{}", name.str()), section, "a table", place_of(name.source(), file_));
      read_table(*section.as_table(), "", Scope::environment, result_.environments[std::string(name.str())]);
    }
  }

  void read_records(const RecordKind& kind, const toml::node& node, const Place& place,
                    std::vector<ConfigRecord>& into) {
    if (!node.is_array_of_tables()) {
      throw wrong(kind.name, node, fmt::format("tables, each written as [[{}]]", kind.name), place);
    }
    for (const toml::node& each : *node.as_array()) {
      ConfigRecord record{.kind = std::string(kind.name), .place = place_of(each.source(), file_)};
      for (const auto& [key, value] : *each.as_table()) {
        const RecordKey& known = known_record_key(kind, std::string(key.str()), place_of(key.source(), file_));
        const ConfigKey shape{.name = known.name, .type = known.type, .choices = known.choices};
        record.fields[std::string(key.str())] = {checked_text(shape, value), place_of(value.source(), file_), {}};
      }
      into.push_back(std::move(record));
    }
  }

  static const RecordKey& known_record_key(const RecordKind& kind, const std::string& name, const Place& place) {
    if (const RecordKey* key = find_record_key(kind, name)) return *key;
    std::vector<std::string> names;
    for (const RecordKey& key : kind.keys) names.emplace_back(key.name);
    const auto meant = nearest(name, names);
    throw Error(ErrorKind::usage, fmt::format("unknown key \"{}\" in [[{}]]", name, kind.name))
        .at(place)
        .next(meant ? fmt::format("did you mean {}?", *meant) : "it may have: " + join(names, ", "));
  }

  // A table of strings with names of its owner's choice.
  void read_texts(const std::string& table, const toml::node& node, const Place& place,
                  std::map<std::string, TomlValue>& into) {
    if (!node.is_table()) throw wrong(table, node, "a table", place);
    for (const auto& [name, value] : *node.as_table()) {
      const Place at = place_of(value.source(), file_);
      if (!value.is_string()) throw wrong(fmt::format("{}.{}", table, name.str()), value, "a string", at);
      into[std::string(name.str())] = {value.as_string()->get(), at};
    }
  }

  // "migrations" is a group because a key "migrations.dir" is known.
  static bool is_group(std::string_view name) {
    if (name == "lint") return true;
    for (const ConfigKey& key : config_keys()) {
      if (key.name.size() > name.size() && key.name.starts_with(name) && key.name[name.size()] == '.') return true;
    }
    return false;
  }

  static const ConfigKey& known_key(const std::string& name, Scope scope, const Place& place) {
    const ConfigKey* key = find_config_key(name);
    if (key && (scope == Scope::top || key->per_environment)) return *key;
    if (key)
      throw Error(ErrorKind::usage, fmt::format("{} cannot be set per environment", name))
          .at(place)
          .next("move it above the first [environments.…] table");
    std::vector<std::string> names{"environments", "placeholders", "lint.severity"};
    for (const RecordKind& kind : record_kinds()) names.emplace_back(kind.name);
    for (const ConfigKey& each : config_keys()) names.emplace_back(each.name);
    const auto meant = nearest(name, names);
    throw Error(ErrorKind::usage, fmt::format("unknown key \"{}\"", name))
        .at(place)
        .next(meant ? fmt::format("did you mean {}?", *meant) : "see `martlet config` for the keys there are");
  }

  std::string checked_text(const ConfigKey& key, const toml::node& node) const {
    const Place place = place_of(node.source(), file_);
    const bool fits = key.type == ConfigType::flag       ? node.is_boolean()
                      : key.type == ConfigType::number   ? node.is_integer()
                      : key.type == ConfigType::duration ? node.is_string() || node.is_integer()
                      : key.type == ConfigType::words    ? node.is_string() || is_list_of_strings(node)
                                                         : node.is_string();
    if (!fits) throw wrong(key.name, node, wanted_word(key.type), place);
    if (const auto* boolean = node.as_boolean()) return boolean->get() ? "true" : "false";
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (node.is_array()) return joined(*node.as_array());
    return node.as_string()->get();
  }

  static bool is_list_of_strings(const toml::node& node) {
    return node.is_array() && node.as_array()->is_homogeneous<std::string>();
  }

  static std::string joined(const toml::array& list) {
    std::vector<std::string> texts;
    for (const toml::node& each : list) texts.push_back(each.as_string()->get());
    return join(texts, ",");
  }

  static Error wrong(std::string_view key, const toml::node& node, std::string_view wanted, const Place& place) {
    return Error(ErrorKind::usage, fmt::format("{} must be {}, not {}", key, wanted, type_word(node)))
        .at(place)
        .next("correct the value and run again");
  }

  const std::string& file_;
  TomlFile result_;
};

}  // namespace

TomlFile parse_toml(std::string_view text, const std::string& file) {
  return TomlReader(file).read(text);
}

}  // namespace martlet
