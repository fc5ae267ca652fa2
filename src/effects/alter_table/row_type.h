// Columns of a table's row type, or of what contains a domain.
#pragma once

#include <vector>

#include "effects/execution.h"

namespace martlet {

/// Fails with 0A000 where a stored column has the relation's row type, itself or in an array, a domain or another
/// composite type: its values could not be changed with it (tablecmds.c, find_composite_type_dependencies).
void refuse_use_of_row_type(Execution& execution, const Relation& relation);

/// The same for what contains a domain or one over it, other than such domains (typecmds.c, get_rels_with_domain).
void refuse_use_of_domain(Execution& execution, const Type& domain);

/// The domain and the domains over it.
std::vector<ObjectId> domains_over(const Catalog& catalog, ObjectId domain);

/// Is a value of the type made of the relation's rows: its row type, or an array, domain or composite of it?
bool contains_row_type(const Catalog& catalog, ObjectId type, const Relation& relation);

}  // namespace martlet
