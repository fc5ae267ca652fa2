#include "schema/source.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace martlet {
namespace {

std::string_view field(std::string_view line, std::size_t number) {
  for (; number > 0; --number) line.remove_prefix(line.find('\t') + 1);
  return line.substr(0, line.find('\t'));
}

std::string_view name_of(std::string_view line) {
  return field(line, 1);
}

}  // namespace

SourceTable::SourceTable(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.empty() && line.front() != '#') lines_.push_back(line);
  }
  ids_.reserve(lines_.size());
  names_.reserve(lines_.size());
  for (std::uint32_t at = 0; at < lines_.size(); ++at) {
    ids_.emplace_back(id_field(field(lines_[at], 0)), at);
    names_.try_emplace(name_of(lines_[at]), at, at).first->second.second = at + 1;
  }
  std::ranges::sort(ids_);
}

SourceTable::Row SourceTable::row(std::size_t index) const {
  return split_row(lines_[index]);
}

std::pair<std::size_t, std::size_t> SourceTable::named(std::string_view schema, std::string_view name) const {
  std::string qualified;
  if (schema != "pg_catalog") {
    if (schema != "information_schema") return {0, 0};
    name = qualified.append(schema).append(1, '.').append(name);
  }
  const auto at = names_.find(name);
  return at == names_.end() ? std::pair<std::size_t, std::size_t>() : at->second;
}

std::optional<std::size_t> SourceTable::with_id(ObjectId id) const {
  const auto at = std::ranges::lower_bound(ids_, id, {}, &std::pair<ObjectId, std::uint32_t>::first);
  if (at == ids_.end() || at->first != id) return std::nullopt;
  return at->second;
}

SourceTable::Row split_row(std::string_view line) {
  SourceTable::Row row;
  for (std::string_view& each : row) {
    const std::size_t end = std::min(line.find('\t'), line.size());
    each = line.substr(0, end);
    if (each == "\\N") each = {};
    if (end == line.size()) break;
    line.remove_prefix(end + 1);
  }
  return row;
}

int number_field(std::string_view field) {
  int number = 0;
  std::from_chars(field.data(), field.data() + field.size(), number);
  return number;
}

ObjectId id_field(std::string_view field) {
  ObjectId id = 0;
  std::from_chars(field.data(), field.data() + field.size(), id);
  return id;
}

std::pair<std::string_view, std::string_view> name_field(std::string_view field) {
  constexpr std::string_view kOther = "information_schema.";
  if (field.starts_with(kOther)) return {kOther.substr(0, kOther.size() - 1), field.substr(kOther.size())};
  return {"pg_catalog", field};
}

}  // namespace martlet
