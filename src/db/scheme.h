// What a URL's scheme alone tells: libpq, which reads the rest of PostgreSQL's, need not be loaded for it.
#pragma once

#include <string_view>

#include "sql/dialect.h"

namespace martlet {

/// The dialect of the database that the URL names. Throws Error{usage} as Url::parse() does for an unknown scheme.
Dialect dialect_of(std::string_view url);

}  // namespace martlet
