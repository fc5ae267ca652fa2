// INSERT … SELECT as batches.
#pragma once

#include <string>
#include <vector>

#include "recipe/recipe.h"

namespace martlet {

/// Each row that the SELECT reads is met once, by its key, and the batch's rows are committed together with how far it
/// got: so the statement need not be idempotent. What changes behind the key meanwhile is not followed.
BatchVerdict batch_insert(const Operation& operation, const PgQuery__InsertStmt& statement,
                          const std::vector<std::string>& key);

}  // namespace martlet
