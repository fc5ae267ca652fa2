// The names PostgreSQL makes up for what has none (indexcmds.c, makeObjectName and ChooseRelationName).
#include <algorithm>

#include "effects/definition/parts.h"

namespace martlet {
namespace {

constexpr std::size_t kLongestName = 63;

// Cut to `limit` bytes, never within a character.
std::string_view cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return text.substr(0, limit);
}

}  // namespace

std::string make_object_name(std::string_view first, std::string_view second, std::string_view suffix) {
  const std::size_t overhead = (second.empty() ? 0 : 1) + (suffix.empty() ? 0 : 1 + suffix.size());
  const std::size_t room = kLongestName - std::min(overhead, kLongestName);
  std::size_t first_size = first.size();
  std::size_t second_size = second.size();
  while (first_size + second_size > room) {
    if (first_size > second_size) {
      --first_size;
    } else {
      --second_size;
    }
  }
  std::string name(cut(first, first_size));
  if (!second.empty()) name.append("_").append(cut(second, second_size));
  if (!suffix.empty()) name.append("_").append(suffix);
  return name;
}

std::string choose_name(const Catalog& catalog, const std::string& schema, std::string_view table,
                        std::string_view columns, std::string_view suffix) {
  std::string name = make_object_name(table, columns, suffix);
  for (int pass = 1; catalog.relations.find(schema, name); ++pass) {
    name = make_object_name(table, columns, std::string(suffix) + std::to_string(pass));
  }
  return name;
}

std::string choose_constraint_name(const Relation& table, std::string_view columns, std::string_view suffix) {
  std::string name = make_object_name(table.name, columns, suffix);
  for (int pass = 1; table.constraint(name); ++pass) {
    name = make_object_name(table.name, columns, std::string(suffix) + std::to_string(pass));
  }
  return name;
}

std::string statistics_name(const Relation& table, const Statistics& statistics) {
  std::vector<std::string> names;
  for (const int number : statistics.columns) {
    if (const Column* column = table.column(number)) names.push_back(column->name);
  }
  names.resize(names.size() + statistics.expressions.size(), "expr");
  const auto taken = [&](const std::string& name) {
    return std::ranges::find(table.statistics, name, &Statistics::name) != table.statistics.end();
  };
  std::string name = make_object_name(table.name, joined_names(names), "stat");
  for (int pass = 1; taken(name); ++pass) {
    name = make_object_name(table.name, joined_names(names), "stat" + std::to_string(pass));
  }
  return name;
}

std::string_view kind_word(RelationKind kind) {
  switch (kind) {
    case RelationKind::table:
    case RelationKind::partitioned_table:
      return "table";
    case RelationKind::index:
    case RelationKind::partitioned_index:
      return "index";
    case RelationKind::sequence:
      return "sequence";
    case RelationKind::view:
      return "view";
    case RelationKind::materialized_view:
      return "materialized view";
    case RelationKind::foreign_table:
      return "foreign table";
    case RelationKind::composite_type:
      return "type";
  }
  return "relation";
}

}  // namespace martlet
