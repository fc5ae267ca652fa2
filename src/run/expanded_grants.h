// Who may use a table or a column may use its second name.
#pragma once

#include <vector>

#include "db/connection.h"
#include "plan/planner.h"

namespace martlet {

/// Puts GRANT steps behind those that make a second name (a view with the old name of a table, a column with the new
/// name of one), in the same transaction, for the rights that the database's roles have now. The model of the catalog
/// knows no rights. What the plan only makes itself has none.
void add_grants(Connection& connection, std::vector<PlannedFile>& files);

}  // namespace martlet
