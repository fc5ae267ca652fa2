// Tables of a composite type (CREATE TABLE … OF).
#pragma once

#include "effects/alter_table/action.h"

namespace martlet {

/// Where the step is on a composite type: prepares the same for all tables of the type, locking them. Fails with 2BP01
/// where there are some and CASCADE is not said (tablecmds.c, ATTypedTableRecursion).
void queue_typed_tables(const AlterStep& step);

}  // namespace martlet
