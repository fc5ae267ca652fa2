// Errors of a migration, told so that they help: place, statement, state of the database, what to do.
#pragma once

#include <string>

#include "base/error.h"
#include "run/job.h"

namespace martlet {

/// The server's error at a statement of the user's, with file:line:column.
Error at_statement(Error error, const Statement& statement);

/// What is true after the transaction of these migrations ("V003", "V003 to V007") was rolled back; "" = none was at
/// work.
std::string clean_state(Direction direction, const std::string& labels, const std::string& current_version);

}  // namespace martlet
