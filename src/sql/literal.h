// What a string literal says.
#pragma once

#include <string>

#include "sql/lexer.h"

namespace martlet {

/// The value of a PostgreSQL string token: '…', E'…' or $tag$…$tag$; prefixes other than E are taken as none.
std::string literal_value(const Token& token);

}  // namespace martlet
