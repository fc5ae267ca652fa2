// A table of SQLite as the text of its CREATE TABLE, which can be changed piece by piece. What is not changed stays as
// its author wrote it, comments included.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rebuild/clause.h"

namespace martlet {

class TableText {
 public:
  /// `sql`: as sqlite_schema has it. Throws Error{validation} where it is no plain table or not understood.
  explicit TableText(std::string sql);

  const std::string& sql() const { return sql_; }
  bool has_column(std::string_view name) const { return find_column(name) != nullptr; }
  /// Does any of its constraints have this name?
  bool has_constraint(std::string_view name) const;
  std::vector<std::string> constraint_names() const;

  /// Names are plain (plain_name()); the columns and constraints must be there, which the caller has asked.
  void rename(std::string_view name);
  void set_type(std::string_view column, std::string_view type);
  void set_not_null(std::string_view column);
  void drop_not_null(std::string_view column);
  void set_default(std::string_view column, std::string_view value);
  void drop_default(std::string_view column);
  void add_column(std::string_view definition);
  void drop_column(std::string_view column);
  void add_constraint(std::string_view definition);
  void drop_constraint(std::string_view name);

 private:
  struct Column {
    std::string name;
    std::size_t begin = 0, name_end = 0, type_end = 0, end = 0;  // bytes; name_end = type_end: it has no type
    std::vector<Clause> clauses;
  };

  void parse();
  void read_element(TokenList& tokens);
  void read_column(TokenList& tokens);
  const Column* find_column(std::string_view name) const;
  const Column& column(std::string_view name) const;
  void replace(std::size_t begin, std::size_t end, std::string_view text);
  void remove_clauses(std::string_view column, Clause::Kind kind);
  void remove_element(std::size_t begin, std::size_t end);

  std::string sql_;
  std::size_t name_begin_ = 0, name_end_ = 0;  // of the table's name
  std::size_t elements_end_ = 0;               // where the last column or constraint ends
  std::vector<Column> columns_;
  std::vector<Clause> constraints_;
};

}  // namespace martlet
