// Rewrite rules of a table whose rows are changed.
#pragma once

#include "effects/query/dml.h"

namespace martlet {

/// What rules leave of a statement.
enum class Ruled { as_written, replaced };

/// Runs what the rules of the relation do besides, or instead of, the change (rewriteHandler.c, fireRules).
/// `returning`: the statement has a RETURNING list. Fails with 0A000 for what no rule allows: RETURNING of rows that
/// are not changed, and most rules within WITH.
Ruled apply_rules(QueryReader& reader, ObjectId relation, RowChange change, bool returning);

}  // namespace martlet
