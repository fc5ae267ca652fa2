// SQLite's views and the tables that they read: it drops a table without a look at them.
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"
#include "sql/statement.h"

namespace martlet {

/// Before a DROP TABLE: the views that work, where one of them reads the table. Nothing for other statements.
std::vector<std::string> working_views_on_dropped(const Statement& statement, Connection& database);

/// Those of the views that do not work now.
std::vector<std::string> no_longer_working(std::vector<std::string> views, Connection& database);

}  // namespace martlet
