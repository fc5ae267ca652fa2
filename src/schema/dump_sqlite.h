// SQLite keeps the text of every CREATE statement: that is its catalog.
#pragma once

#include <string>
#include <string_view>

#include "schema/dump.h"

namespace martlet {

std::string dump_sqlite(Connection& connection, const DumpExclusions& exclude);

/// The statement without comments and needless quotes, white space only where it separates words. ALTER TABLE edits
/// the stored text and quotes the names that it touches: texts that mean the same become the same.
std::string normalise_sqlite(std::string_view sql);

}  // namespace martlet
