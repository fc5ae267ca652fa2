// What `restore` and `db restore` do.
#pragma once

#include <string>

#include "cli/command.h"

namespace martlet {

/// `source`: a backup of the store, the path of one elsewhere, or the path of another tool's dump.
int restore_from(Context& context, const std::string& source);

}  // namespace martlet
