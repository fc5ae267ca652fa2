// A connection's parameters for PostgreSQL's own programs, such as pg_dump.
#pragma once

#include <map>
#include <string>

#include "db/url.h"

namespace martlet::postgres {

/// PGHOST, PGUSER, PGPASSWORD, … as the URL gives them. A child process takes them from its environment: on its command
/// line every user of the machine could read the password.
std::map<std::string, std::string> child_environment(const Url& url);

}  // namespace martlet::postgres
