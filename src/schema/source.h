// A table of objects from which a Store makes those that it is asked for.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schema/relation.h"

namespace martlet {

/// Rows of tab-separated text, ordered by their second field (byte by byte), the name; the first is the identifier.
/// Lines that begin with # are comments. A name of another schema than pg_catalog is written schema.name.
class SourceTable {
 public:
  using Row = std::array<std::string_view, 12>;  // fields that a row does not have are empty, as is \N

  /// Keeps views into `text`.
  explicit SourceTable(std::string_view text);

  std::size_t size() const { return lines_.size(); }
  Row row(std::size_t index) const;
  /// The rows of that name: from … up to, without the last.
  std::pair<std::size_t, std::size_t> named(std::string_view schema, std::string_view name) const;
  std::optional<std::size_t> with_id(ObjectId id) const;

 private:
  std::vector<std::string_view> lines_;
  std::unordered_map<std::string_view, std::pair<std::size_t, std::size_t>>
      names_;                                            // with their first line and one past
  std::vector<std::pair<ObjectId, std::uint32_t>> ids_;  // with their line, ordered
};

/// The fields of a tab-separated line.
SourceTable::Row split_row(std::string_view line);
/// A field as a number; 0 where it is none.
int number_field(std::string_view field);
ObjectId id_field(std::string_view field);
/// "schema.name" or "name" of pg_catalog → schema, name.
std::pair<std::string_view, std::string_view> name_field(std::string_view field);

/// Where objects of one kind come from. `table` is called first when an object is asked for.
template <class T>
struct Source {
  const SourceTable& (*table)();
  T (*make)(const SourceTable::Row& row);
};

}  // namespace martlet
