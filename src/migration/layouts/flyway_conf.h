// `<script>.sql.conf`: settings of one script.
#pragma once

#include <string>

#include "migration/folder.h"

namespace martlet::flyway {

/// Reads `key = value` lines; `executeInTransaction` sets `transactional`. Any other key or line becomes a problem.
void read_conf(Folder& folder, const std::string& file, bool& transactional);

}  // namespace martlet::flyway
