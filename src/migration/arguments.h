// Reads what stands after a directive's name, word by word.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace martlet {

/// A cursor over a directive's arguments.
class DirectiveWords {
 public:
  explicit DirectiveWords(std::string_view text) : rest_(text) { skip_space(); }

  /// The next word up to white space, or "" at the end.
  std::string word();
  /// The next text in double quotes, in which "" stands for one quote; nullopt where none stands here or it does not
  /// end.
  std::optional<std::string> quoted();
  bool at_end() const { return rest_.empty(); }

 private:
  void skip_space();
  std::string_view rest_;
};

/// Reads `key=value key=value`; nullopt where a word is not of that form or a key comes twice.
std::optional<std::map<std::string, std::string>> key_values(std::string_view text);

}  // namespace martlet
