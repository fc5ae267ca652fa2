// Which of the installed pg_dump programs can read a server: an older one refuses a newer server.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace martlet {

/// An installed pg_dump: its major version and path.
using PgDump = std::pair<int, std::string>;

/// Those of Debian's and others' places, and the one in PATH.
std::vector<PgDump> installed_pg_dumps();
/// The one of the server's major version, else the next newer one. Throws Error{usage} naming what there is.
std::string choose_pg_dump(const std::vector<PgDump>& installed, int server_major);
std::string find_pg_dump(int server_major);

}  // namespace martlet
