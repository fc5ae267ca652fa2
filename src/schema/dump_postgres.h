// pg_dump is called, not imitated.
#pragma once

#include <string>
#include <string_view>

#include "schema/dump.h"

namespace martlet {

std::string dump_postgres(Connection& connection, const Url& url, const DumpExclusions& exclude);

/// pg_dump's text without its banners, its settings of the session, `\restrict` lines and empty lines.
std::string normalise_dump(std::string_view dump);

}  // namespace martlet
