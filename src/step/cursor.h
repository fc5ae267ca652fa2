// What a step remembers in the journal: a few named texts, kept as JSON.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace martlet {

class Cursor {
 public:
  Cursor() = default;
  /// Throws Error{partial} where the text is not a cursor.
  static Cursor parse(const std::string& text);
  std::string text() const;

  void set(const std::string& name, const std::string& value) { values_[name] = value; }
  /// "" where it is not set.
  std::string get(const std::string& name) const;
  const std::map<std::string, std::string>& all() const { return values_; }

 private:
  std::map<std::string, std::string> values_;
};

}  // namespace martlet
