// By which columns a table can be gone through, range by range.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "recipe/recipe.h"

namespace martlet {

/// Columns (by number) that an index holds in ascending order, that are never NULL, and of which no two rows have the
/// same: those called `wanted`; where that is empty, the primary key's, otherwise those of another unique index.
/// nullopt where there are none such. A partitioned table's are those of its own indexes; a table that others inherit
/// from has none.
std::optional<std::vector<int>> batch_key(const Operation& operation, const Relation& table,
                                          const std::vector<std::string>& wanted = {});

/// The columns as a change names them; empty where a type is not known.
std::vector<BatchChange::Key> key_columns(const Operation& operation, const Relation& table,
                                          const std::vector<int>& columns);

}  // namespace martlet
