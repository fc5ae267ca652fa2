#include "migration/header.h"

#include "base/text.h"

namespace martlet {
namespace {

// The text of a `--` comment line, or nullopt for a line that is something else.
std::optional<std::string_view> comment_text(std::string_view line) {
  line = trim(line);
  if (!line.starts_with("--")) return std::nullopt;
  return trim(line.substr(2));
}

std::optional<HeaderField> as_field(std::string_view comment) {
  const auto colon = comment.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  for (const std::string_view name : header_field_names()) {
    if (equals_ignoring_case(comment.substr(0, colon), name)) {
      return HeaderField{std::string(name), std::string(trim(comment.substr(colon + 1)))};
    }
  }
  return std::nullopt;
}

void add_line(std::vector<HeaderField>& fields, bool& open, std::string_view comment) {
  if (auto field = as_field(comment)) {
    fields.push_back(std::move(*field));
    open = true;
  } else if (comment.empty() || comment.starts_with("martlet:")) {
    open = false;
  } else if (open) {
    std::string& text = fields.back().text;
    if (!text.empty()) text += ' ';
    text += comment;
  }
}

}  // namespace

const std::vector<std::string_view>& header_field_names() {
  static const std::vector<std::string_view> names{
      "Purpose", "Dependencies", "Rollback plan", "Performance impact", "Testing notes", "Ticket"};
  return names;
}

std::vector<HeaderField> read_header(std::string_view text) {
  std::vector<HeaderField> fields;
  bool open = false;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (trim(line).empty()) {
      open = false;
      continue;
    }
    const auto comment = comment_text(line);
    if (!comment) break;
    add_line(fields, open, *comment);
  }
  std::erase_if(fields, [](const HeaderField& field) { return field.text.empty(); });
  return fields;
}

}  // namespace martlet
