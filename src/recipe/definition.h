// What the catalog holds, as SQL that makes it.
#pragma once

#include <string>

#include "recipe/recipe.h"

namespace martlet {

enum class Build { plain, concurrently };

/// CREATE INDEX of the same kind on `table`, under the index's own name. Columns are taken from `table` by number. ""
/// for what the model does not hold (operator classes with options, other tablespaces).
std::string create_index_sql(const Operation& operation, const Relation& index, const Relation& table, Build build);
/// The same with one column replaced by another, under another name. "" also where an expression or the predicate reads
/// the column.
struct IndexCopy {
  std::string name;
  int column = 0;
  std::string instead;  // as an identifier
};
std::string create_index_copy(const Operation& operation, const Relation& index, const Relation& table,
                              const IndexCopy& copy);

/// `FOREIGN KEY (a) REFERENCES t (b) ON DELETE …`, without a name and without NOT VALID.
std::string foreign_key_sql(const Operation& operation, const Relation& table, const Constraint& key);

/// " COLLATE …" of a column's own collation; "" where it has none.
std::string collate_clause(const std::string& collation);

}  // namespace martlet
