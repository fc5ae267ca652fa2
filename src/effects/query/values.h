// The rows that an INSERT brings.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "effects/query/reader.h"

namespace martlet {

struct InsertedRows {
  bool none = false;   // a query that gives no rows
  bool known = false;  // they are written: VALUES, DEFAULT VALUES
  /// By column; nullptr = DEFAULT, or not written at all. They live as long as the statement's nodes.
  std::vector<std::map<std::string, const Node*>> rows;
};

/// The columns that an INSERT without a list of them writes: as many as its source gives.
std::vector<int> first_columns(QueryReader& reader, const Relation& table, const PgQuery__InsertStmt& statement);

/// Reads the rows for these columns of a table. Fails as the server does where there are too many or too few values,
/// where a column takes no value, and where a column that is NOT NULL would have none.
InsertedRows read_rows(QueryReader& reader, const Relation& table, const std::vector<int>& columns,
                       const PgQuery__InsertStmt& statement);

/// Columns that are not written take their defaults, which may draw from sequences.
void draw_numbers(QueryReader& reader, const Relation& table, const std::vector<int>& written);

}  // namespace martlet
