// Tables that may stand in martlet.toml any number of times, such as [[gate]].
#pragma once

#include <string_view>
#include <vector>

#include "config/config.h"

namespace martlet {

/// One key of such a table.
struct RecordKey {
  std::string_view name;
  std::string_view help;
  ConfigType type = ConfigType::text;
  std::string_view default_value;  // "" = none
  std::string_view choices;        // for a choice: "sql|http"
};

struct RecordKind {
  std::string_view name;  // "gate"
  std::vector<RecordKey> keys;
};

/// Every kind of table that may be repeated; each has a key "name", by which an environment's own replaces one.
const std::vector<RecordKind>& record_kinds();
/// The kind of this name, or nullptr.
const RecordKind* find_record_kind(std::string_view name);
/// The key of this name, or nullptr.
const RecordKey* find_record_key(const RecordKind& kind, std::string_view name);

}  // namespace martlet
