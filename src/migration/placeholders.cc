#include <fmt/format.h>

#include "base/text.h"
#include "migration/folder.h"

namespace martlet {
namespace {

constexpr std::string_view kOpen = "${";
constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-";

// The name of the placeholder at `at`, or "" where `${` begins something else.
std::string_view name_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + kOpen.size());
  const auto end = rest.find_first_not_of(kNameCharacters);
  if (end == std::string_view::npos || end == 0 || rest[end] != '}') return {};
  return rest.substr(0, end);
}

// Comments talk about placeholders that need not exist.
bool in_comment(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto newline = before.rfind('\n');
  const auto line = newline == std::string_view::npos ? before : before.substr(newline + 1);
  if (line.find("--") != std::string_view::npos) return true;
  const auto open = before.rfind("/*");
  if (open == std::string_view::npos) return false;
  const auto close = before.rfind("*/");
  return close == std::string_view::npos || close < open;
}

[[noreturn]] void refuse(const SourceText& source, std::size_t at, std::string_view name,
                         const std::map<std::string, std::string>& values) {
  const LineColumn place = line_column_at(source.text, at);
  std::vector<std::string> names;
  for (const auto& [known, value] : values) names.push_back(known);
  const auto near = nearest(name, names);
  throw Error(ErrorKind::validation, fmt::format("unknown placeholder ${{{}}}", name))
      .at({source.file, source.first_line + place.line - 1, place.column})
      .next(near ? fmt::format("did you mean ${{{}}}?", *near)
                 : fmt::format("set `{}` under [placeholders], or write \\${{{}}} for the text itself", name, name));
}

}  // namespace

SourceText fill_placeholders(const SourceText& source, const std::map<std::string, std::string>& values) {
  SourceText filled{{}, source.file, source.first_line};
  const std::string_view text = source.text;
  std::size_t copied = 0;
  for (auto at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen, at + 1)) {
    const std::string_view name = name_at(text, at);
    if (name.empty()) continue;
    const bool escaped = at > copied && text[at - 1] == '\\';
    const auto value = values.find(std::string(name));
    if (!escaped && value == values.end()) {
      if (in_comment(text, at)) continue;
      refuse(source, at, name, values);
    }
    filled.text += text.substr(copied, at - copied - (escaped ? 1 : 0));
    copied = escaped ? at : at + kOpen.size() + name.size() + 1;
    if (!escaped) filled.text += value->second;
  }
  filled.text += text.substr(copied);
  return filled;
}

}  // namespace martlet
