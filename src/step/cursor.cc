#include "step/cursor.h"

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace martlet {

Cursor Cursor::parse(const std::string& text) {
  Cursor cursor;
  if (text.empty()) return cursor;
  try {
    cursor.values_ = nlohmann::json::parse(text).get<std::map<std::string, std::string>>();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::partial, "the journal's cursor cannot be read: " + text)
        .next("run the martlet version that wrote it, or settle the step by hand and run `martlet repair`");
  }
  return cursor;
}

std::string Cursor::text() const {
  return nlohmann::json(values_).dump();
}

std::string Cursor::get(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? "" : found->second;
}

}  // namespace martlet
