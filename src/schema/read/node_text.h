// Facts from expressions as the catalogs store them: PostgreSQL's parse trees as text (outfuncs.c), "{FUNCEXPR :funcid
// 1299 …}". What pg_get_expr makes of them is for people; it does not say which function a name was found to be.
#pragma once

#include <string_view>
#include <vector>

#include "schema/catalog.h"

namespace martlet {

/// The worst of what the expression calls, operators and casts included.
Volatility stored_volatility(const Catalog& catalog, std::string_view nodes);

/// Numbers of the columns it reads, each once, in order; 0 = the whole row.
std::vector<int> stored_columns(std::string_view nodes);

}  // namespace martlet
