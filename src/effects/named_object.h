// Roles, tablespaces and the like, of which only the names are known.
#pragma once

#include <string_view>

#include "schema/catalog.h"

namespace martlet {

/// Is it certain that there is none of this kind and name? Never where no database was asked.
bool is_missing(const Catalog& catalog, std::string_view kind, std::string_view name);

}  // namespace martlet
