// What the bounds of a partition say about its rows, as a condition.
#pragma once

#include <string>

#include "recipe/recipe.h"

namespace martlet {

/// The condition that PostgreSQL derives from the bounds (partbounds.c, get_qual_from_partbound), as SQL that a CHECK
/// of can imply it: `k IS NOT NULL AND k >= 0 AND k < 1000`. "" for DEFAULT, for hash, and for keys that are
/// expressions.
std::string bound_condition(const Relation& parent, const PgQuery__PartitionBoundSpec& bound);

/// Steps around ATTACH PARTITION (`attach`, as SQL) after which it scans nothing: a validated CHECK on the candidate
/// and one on the default partition, both dropped afterwards. `candidate` nullptr: it is a new table without rows.
std::vector<RecipeStep> attach_with_checks(const Operation& operation, const Relation& parent,
                                           const Relation* candidate, const PgQuery__PartitionBoundSpec& bound,
                                           const std::string& attach);

/// The CHECK with the bounds that DETACH PARTITION … CONCURRENTLY leaves on the partition (tablecmds.c,
/// DetachAddConstraintIfNeeded; `parent` and `partition` as they were before).
std::string name_of_left_check(const Operation& operation, const Relation& parent, const Relation& partition);

}  // namespace martlet
