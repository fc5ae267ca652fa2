// pgbouncer's console: a database of its own name ("pgbouncer") that speaks the protocol and no SQL.
#pragma once

#include <string>

#include "base/duration.h"
#include "db/connection.h"

namespace martlet::postgres {

/// The rows of one of its commands, such as SHOW POOLS. Throws Error{connection}, and what execute() throws.
Result ask_console(const Url& url, const std::string& command, Milliseconds connect_timeout);

}  // namespace martlet::postgres
