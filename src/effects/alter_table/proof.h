// What constraints that hold already say about every row, so that nobody has to look (predtest.c,
// predicate_implied_by, for the usual forms).
#pragma once

#include <string>
#include <vector>

#include "schema/relation.h"
#include "sql/nodes.h"

namespace martlet {

/// A condition on one row.
struct Condition {
  enum class Kind { all, any, compare, is_null, is_not_null, other };
  Kind kind = Kind::other;
  std::vector<Condition> parts;  // of all, any
  std::string column;            // of the others but `other`
  std::string comparison;        // "<", "<=", "=", ">=", ">", "<>"
  std::string value;
  std::string text;  // of other: SQL, equal only to itself
};

/// The condition that an expression states.
Condition read_condition(const Node& expression);
/// Its opposite, in three-valued logic: what a row must fulfil for it not to hold.
Condition opposite(const Condition& condition);

/// Do the table's validated CHECK and NOT NULL constraints say that the condition is never false? A CHECK holds where
/// it is null, too: a comparison does not prove that there is a value.
bool proves(const Relation& table, const Condition& condition);

/// Do validated CHECK constraints say that the column is never null (NotNullImpliedByRelConstraints)?
bool proves_not_null(const Relation& table, const Column& column);

}  // namespace martlet
