// The database's own shell in place of this process.
#pragma once

#include "db/url.h"

namespace martlet {

/// Becomes psql or sqlite3 on this database; psql gets the connection's parameters, the password among them, in its
/// environment, because a command line can be read by everybody on the machine. Returns only by throwing Error{usage},
/// where the program is not installed.
[[noreturn]] void become_shell(const Url& url);

}  // namespace martlet
