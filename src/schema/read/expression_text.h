// Expressions as pg_get_expr and its relatives write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace martlet {

/// Where the text that begins at `at` with a quote or an opening parenthesis ends: behind its closing one.
std::size_t end_of_group(std::string_view sql, std::size_t at);

/// Without the parentheses around the whole.
std::string_view without_parentheses(std::string_view sql);

/// "a, (b + 1), f(c, d)" → its three parts.
std::vector<std::string> split_expressions(std::string_view sql);

}  // namespace martlet
