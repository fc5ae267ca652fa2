// The way back from DETACH PARTITION.
#pragma once

#include <optional>
#include <string>

#include "recipe/recipe.h"

namespace martlet {

/// The sub-command of an ALTER TABLE that detaches a partition and does nothing else; nullptr otherwise.
const PgQuery__PartitionCmd* detached_partition(const PgQuery__AlterTableStmt& alter);

/// Statements, each a transaction of its own, that make `partition` a part of `parent` (as it was before the operation)
/// again: its bounds are proven by a CHECK first, so that ATTACH reads nothing under its locks. Only where the bounds
/// cannot be said as a condition (hash, DEFAULT) is it read then, by itself. nullopt where the partition is not known.
std::optional<std::string> attach_again(const Operation& operation, const Relation& parent,
                                        const QualifiedName& partition);

}  // namespace martlet
