// May an index stay as it is when a column it reads changes its type?
#pragma once

#include <vector>

#include "effects/execution.h"

namespace martlet {

/// As CheckIndexCompatible decides (indexcmds.c): no expression, no predicate, valid, and the same operator class and
/// collation for each key as before.
bool is_compatible(const Catalog& catalog, const IndexDefinition& index, const std::vector<Column>& before,
                   const std::vector<Column>& after);

/// Fails where a key's new type has no operator class: 42704 for want of a default one, 42804 where the one that was
/// named does not take it (ResolveOpClass).
void require_operator_classes(const Execution& execution, const Relation& table, const Relation& index);

}  // namespace martlet
