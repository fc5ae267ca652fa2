// What constraints that hold already say about every row, so that nobody has to look (predtest.c,
// predicate_implied_by, for the usual forms).
#pragma once

#include "schema/relation.h"

namespace martlet {

/// Do validated CHECK constraints say that the column is never null (NotNullImpliedByRelConstraints)?
bool proves_not_null(const Relation& table, const Column& column);

}  // namespace martlet
