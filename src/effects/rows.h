// Has a table rows?
#pragma once

#include "schema/relation.h"

namespace martlet {

enum class Rows { none, some, unknown };

/// As far as the catalog's figures tell; unknown where nobody looked.
inline Rows rows_of(const Relation& relation) {
  if (relation.tuples > 0 || relation.pages > 0) return Rows::some;
  if (relation.pages == 0 || relation.tuples == 0) return Rows::none;
  return Rows::unknown;
}

/// Is a join with the table as its outer side likely to read the other side at all? A database that was asked and
/// counts no rows has none; a table that was only assumed is large.
inline bool may_have_rows(const Relation& relation) {
  const Rows rows = rows_of(relation);
  return rows == Rows::some || (rows == Rows::unknown && relation.assumed);
}

}  // namespace martlet
