// Columns of a table's row type in other tables.
#pragma once

#include "effects/execution.h"

namespace martlet {

/// Fails with 0A000 where a stored column has the relation's row type, itself or in an array, a domain or another
/// composite type: its values could not be changed with it (tablecmds.c, find_composite_type_dependencies).
void refuse_use_of_row_type(Execution& execution, const Relation& relation);

/// Is a value of the type made of the relation's rows: its row type, or an array, domain or composite of it?
bool contains_row_type(const Catalog& catalog, ObjectId type, const Relation& relation);

}  // namespace martlet
