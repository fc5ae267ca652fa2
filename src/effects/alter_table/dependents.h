// What hangs on a column.
#pragma once

#include <string>
#include <vector>

#include "effects/execution.h"

namespace martlet {

/// Objects that name a column of a table, by what they are. A view's, rule's or policy's owner may be another relation.
struct ColumnDependents {
  struct Owned {
    ObjectId relation = 0;
    ObjectId id = 0;
  };
  std::vector<ObjectId> indexes;      // that read it, those of constraints included
  std::vector<ObjectId> constraints;  // of the table: CHECK, keys, foreign keys on it
  std::vector<Owned> foreign_keys;    // of any table, that point at it
  std::vector<ObjectId> views;        // materialized ones too
  std::vector<Owned> rules, policies;
  std::vector<ObjectId> triggers;    // of the table: UPDATE OF, WHEN
  std::vector<int> generated;        // columns computed from it
  std::vector<ObjectId> statistics;  // of the table
  std::vector<ObjectId> functions;   // with a BEGIN ATOMIC body
};

ColumnDependents column_dependents(Execution& execution, ObjectId table, int column);

/// Does the table's partition key read the column, itself or in an expression?
bool is_in_partition_key(Execution& execution, const Relation& table, int column);

/// How many parents of the table have a column of this name?
int parents_with_column(const Catalog& catalog, const Relation& table, std::string_view name);

}  // namespace martlet
