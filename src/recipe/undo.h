// What takes a statement back.
#pragma once

#include <optional>
#include <string>

#include "recipe/recipe.h"

namespace martlet {

/// SQL that takes a statement back where everything behind it is taken back already; "" where nothing need be done:
/// what it did is undone with something else, or was no change. Several statements are transactions of their own.
/// nullopt where nothing does: rows were changed, or something went whose definition is not known. `operation.table` is
/// not asked. `users`, `original`: the user's statement and the catalog before it, where the operation is one of the
/// steps that run in its place; what was not there then need not come back.
std::optional<std::string> undo_sql(const Operation& operation, const CatalogBefore& original, const Node& users);

}  // namespace martlet
