// martlet.toml → a flat list of values with their places. Only toml_file.cc knows toml++.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/config.h"

namespace martlet {

/// One value of the file, checked against the key table.
struct TomlValue {
  std::string text;
  Place place;
};

/// The values of a table by key name.
struct TomlSection {
  std::map<std::string, TomlValue, std::less<>> values;
  std::map<std::string, TomlValue> placeholders;
  std::map<std::string, TomlValue> severities;  // [lint] severity = {…}, by hazard
  std::vector<ConfigRecord> records;            // [[gate]] and its like, as written
};

struct TomlFile {
  TomlSection top;
  std::map<std::string, TomlSection> environments;
};

/// Throws Error{usage} at file:line:column for broken TOML, an unknown key (nearest spelling named), a value of the
/// wrong type, a choice that is none.
TomlFile parse_toml(std::string_view text, const std::string& file);

}  // namespace martlet
