// `martlet env use NAME`: one line of martlet.toml is changed, comments and order stay.
#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"
#include "config/config.h"
#include "config/toml_file.h"

namespace martlet {

void write_default_environment(const std::string& file, const std::string& name) {
  const std::string before = read_file(file);
  const TomlFile parsed = parse_toml(before, file);
  const std::string line = fmt::format("default_environment = \"{}\"", name);
  const auto current = parsed.top.values.find("default_environment");
  std::string after;
  if (current == parsed.top.values.end()) {
    after = line + "\n" + before;
  } else {
    int number = 1;
    for (std::size_t at = 0; at < before.size(); ++number) {
      const std::size_t end = std::min(before.find('\n', at), before.size());
      after +=
          number == current->second.place.line ? std::string_view(line) : std::string_view(before).substr(at, end - at);
      if (end < before.size()) after += '\n';
      at = end + 1;
    }
  }
  parse_toml(after, file);  // the old value may have spanned lines: nothing broken is ever written
  write_file(file, after);
}

}  // namespace martlet
