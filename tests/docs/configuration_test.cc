// docs/configuration.md lists the keys that there are.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.h"
#include "base/text.h"
#include "config/config.h"
#include "config/records.h"

namespace martlet {
namespace {

const std::string kPath = std::string(MARTLET_SOURCE_DIR) + "/docs/configuration.md";
constexpr std::string_view kMark = "<!-- made from src/config/keys.cc by ./dev test --rebaseline -->\n";

std::string code(std::string_view text) {
  return text.empty() ? "" : fmt::format("`{}`", text);
}

std::string variables(const ConfigKey& key) {
  std::vector<std::string> names;
  for (std::string& name : split_list(key.variables, ' ')) names.push_back(code(name));
  return join(names, " ");
}

std::string record_table(const RecordKind& kind) {
  std::string text = fmt::format(
      "\n### `[[{}]]`\n\nMay be repeated. In `[[environments.NAME.{}]]` it stands for that environment, in place of "
      "one "
      "of the same name.\n\n| key | default | what it is |\n|---|---|---|\n",
      kind.name, kind.name);
  for (const RecordKey& key : kind.keys) {
    const std::string choices =
        key.choices.empty() ? "" : fmt::format(" ({})", join(split_list(key.choices, '|'), ", "));
    text += fmt::format("| `{}` | {} | {}{} |\n", key.name, code(key.default_value), key.help, choices);
  }
  return text;
}

std::string table() {
  std::string text = "\n| key | environment | default | what it is |\n|---|---|---|---|\n";
  for (const ConfigKey& key : config_keys()) {
    text += fmt::format("| `{}`{} | {} | {} | {} |\n", key.name, key.per_environment ? " *" : "", variables(key),
                        code(key.default_value), key.help);
  }
  text +=
      "\n\\* may also stand in `[environments.NAME]`. A name with a dot is a table and a key: `history.view` is"
      " `view` in `[history]`.\n";
  for (const RecordKind& kind : record_kinds()) text += record_table(kind);
  return text;
}

TEST(ConfigurationDocument, ListsEveryKey) {
  const std::string text = read_file(kPath);
  const std::size_t mark = text.find(kMark);
  ASSERT_NE(mark, std::string::npos);
  const std::string expected = text.substr(0, mark + kMark.size()) + table();
  if (std::getenv("MARTLET_REBASELINE") != nullptr) return write_file(kPath, expected);
  EXPECT_EQ(text, expected) << "./dev test --rebaseline writes the table anew";
}

}  // namespace
}  // namespace martlet
