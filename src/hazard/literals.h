// The string literals of a statement, those inside the bodies of DO blocks and functions included.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "hazard/hazard.h"

namespace martlet {

/// Calls `visit(value, offset)` with each literal's value and the byte of the statement where it begins. Costs nothing
/// where the text has no quotes. PostgreSQL's bodies in dollar quotes are read as SQL themselves.
void each_literal(const Case& at, const std::function<void(const std::string&, std::size_t)>& visit);

}  // namespace martlet
