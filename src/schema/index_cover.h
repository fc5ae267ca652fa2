// Which index stands in for which.
#pragma once

#include "schema/catalog.h"

namespace martlet {

/// Does `other` do all that `index` does: find the same rows, keep the same values apart, answer from the same columns?
/// Never of an index that a constraint, EXCLUDE or the replica identity needs.
bool does_all_of(const IndexDefinition& other, const IndexDefinition& index);

}  // namespace martlet
