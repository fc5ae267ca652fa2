#include "migration/layouts/flyway_names.h"

#include <algorithm>

#include "base/text.h"
#include "migration/version.h"

namespace martlet::flyway {
namespace {

constexpr std::string_view kSeparator = "__";

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

bool is_prefix(char c) {
  return c == 'V' || c == 'B' || c == 'U' || c == 'R';
}

}  // namespace

std::optional<Name> parse(std::string_view stem) {
  const auto separator = stem.find(kSeparator);
  if (separator == std::string_view::npos || !is_prefix(stem.front())) return std::nullopt;
  const std::string_view version = stem.substr(1, separator - 1);
  const std::string_view description = stem.substr(separator + kSeparator.size());
  if (trim(description).empty()) return std::nullopt;
  if (stem.front() == 'R' ? !version.empty() : !is_version(version)) return std::nullopt;
  return Name{stem.front(), std::string(version), std::string(description)};
}

std::optional<std::string> probably_meant(std::string_view stem) {
  if (stem.size() < 2) return std::nullopt;
  char prefix = 'V';
  if (is_prefix(upper(stem.front()))) {
    prefix = upper(stem.front());
    stem.remove_prefix(1);
  }
  const auto version_end = prefix == 'R' ? 0 : std::min(stem.find_first_not_of("0123456789._"), stem.size());
  std::string_view version = stem.substr(0, version_end);
  while (!version.empty() && (version.back() == '_' || version.back() == '.')) version.remove_suffix(1);
  if (prefix != 'R' && !is_version(version)) return std::nullopt;
  std::string_view description = stem.substr(version.size());
  description.remove_prefix(std::min(description.find_first_not_of("_-. "), description.size()));
  if (prefix == 'R' && description.size() == stem.size()) return std::nullopt;  // just a word that begins with r
  if (description.empty()) description = "description";
  return std::string(1, prefix) + std::string(version) + "__" + std::string(description) + ".sql";
}

const std::vector<std::string>& callback_events() {
  static const std::vector<std::string> events{
      "beforeMigrate",     "beforeEachMigrate",   "afterEachMigrate", "afterEachMigrateError", "afterMigrate",
      "afterMigrateError", "afterMigrateApplied", "beforeValidate",   "afterValidate",         "beforeUndo",
      "beforeEachUndo",    "afterEachUndo",       "afterUndo"};
  return events;
}

std::optional<std::string> callback_event(std::string_view stem) {
  std::string event(stem.substr(0, stem.find(kSeparator)));
  const auto& events = callback_events();
  if (std::find(events.begin(), events.end(), event) == events.end()) return std::nullopt;
  return event;
}

bool looks_like_callback(std::string_view stem) {
  const std::string start = lower(stem.substr(0, 6));
  if (start == "before" || start.starts_with("after")) return true;
  const std::string_view word = stem.substr(0, stem.find(kSeparator));
  return word.find_first_of("_0123456789") == std::string_view::npos && nearest(word, callback_events());
}

}  // namespace martlet::flyway
