// What a table must have in common with the one it is to inherit from, or to be a partition of.
#pragma once

#include "effects/alter_table/action.h"

namespace martlet {

/// Fails with 42804 and the like where a column or CHECK of the parent is missing or differs; otherwise marks them as
/// inherited (tablecmds.c, MergeAttributesIntoExisting and MergeConstraintsIntoExisting).
void merge_into_existing(const AlterStep& step, ObjectId child, ObjectId parent);

/// The opposite: what is left is the child's own (RemoveInheritance).
void make_local(const AlterStep& step, ObjectId child, ObjectId parent);

}  // namespace martlet
