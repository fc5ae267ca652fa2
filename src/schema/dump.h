// A database's schema as text: two databases with equal schemas give equal text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "db/connection.h"
#include "db/url.h"

namespace martlet {

/// What is not the user's own: unquoted names.
struct DumpExclusions {
  std::vector<std::string> schemas;                         // whole schemas (PostgreSQL)
  std::vector<std::pair<std::string, std::string>> tables;  // schema ("" for SQLite) and table or view
};

/// PostgreSQL: `pg_dump -s` without owners, banners and settings, by the installed pg_dump that is as new as the server
/// (or the next newer one); it connects by `url`, the password never on its command line. SQLite: sqlite_schema, by
/// type and name, white space, comments and needless quotes removed. Throws Error{usage} where no pg_dump will do,
/// Error{connection} with what pg_dump said where it fails.
std::string dump_schema(Connection& connection, const Url& url, const DumpExclusions& exclude);

}  // namespace martlet
