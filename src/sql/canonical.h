// SQL text that means the same → the same text. A server keeps the tree of an expression and writes it its own way:
// what a user wrote as `price in (1, 2)` comes back as `(price = ANY (ARRAY[(1)::numeric, (2)::numeric]))`.
#pragma once

#include <string>
#include <string_view>

namespace martlet {

/// An expression in one form, for comparing only. What the server adds or spells otherwise is left out: casts,
/// schemas and tables before names, aliases, BETWEEN, IN, LIKE, parentheses, quotes around numbers. So texts that
/// differ in nothing but a cast are taken for the same. Text that is no expression comes back as it is.
std::string canonical_expression(std::string_view sql);

/// The same for a partition's bound: "FOR VALUES FROM (0) TO (10)", "DEFAULT".
std::string canonical_bound(std::string_view sql);

}  // namespace martlet
