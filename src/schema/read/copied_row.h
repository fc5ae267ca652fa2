// Rows of COPY … TO STDOUT: the quickest way to get many rows, and text that costs nothing until a field is asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/relation.h"

namespace martlet {

class Connection;

/// One row; valid while its visitor runs. Fields count from 0. A field that is NULL is "", 0, false, {}.
class CopiedRow {
 public:
  /// `line` without its end.
  void read(std::string_view line);

  std::size_t size() const { return fields_.size(); }
  bool is_null(std::size_t field) const { return fields_[field] == "\\N"; }
  std::string text(std::size_t field) const;
  /// The first character; `none` where there is none.
  char letter(std::size_t field, char none = 0) const;
  bool flag(std::size_t field) const { return fields_[field] == "t"; }
  ObjectId id(std::size_t field) const;
  std::int64_t number(std::size_t field) const;
  int integer(std::size_t field) const { return static_cast<int>(number(field)); }
  double real(std::size_t field) const;
  /// Of an int2vector ("1 2"), an oidvector or an array of numbers ("{1,2}").
  std::vector<int> integers(std::size_t field) const;
  std::vector<ObjectId> ids(std::size_t field) const;
  /// Of an array of texts.
  std::vector<std::string> texts(std::size_t field) const;

 private:
  std::vector<std::string_view> fields_;
};

/// Runs the query as COPY and calls `visit` with each of its rows.
void each_copied_row(Connection& connection, std::string_view query,
                     const std::function<void(const CopiedRow&)>& visit);

/// The elements of an array of texts as PostgreSQL writes it: {a,"b c",NULL}; NULL is "".
std::vector<std::string> split_array(std::string_view text);

}  // namespace martlet
