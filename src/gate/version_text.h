#pragma once

#include <string>

#include "db/connection.h"

namespace martlet {

/// "PostgreSQL 15.18", "SQLite 3.40.1".
std::string version_text(const Connection& connection);

}  // namespace martlet
