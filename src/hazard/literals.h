// The string literals of a statement, those inside the bodies of DO blocks and functions included.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sql/statement.h"

namespace martlet {

/// Calls `visit(value, offset)` with each literal's value and the byte of the statement where it begins. Costs nothing
/// where the text has no quotes. Bodies in dollar quotes are read as SQL themselves.
void each_literal(const Statement& statement, const std::function<void(const std::string&, std::size_t)>& visit);

}  // namespace martlet
