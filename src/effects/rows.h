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

}  // namespace martlet
