// Constants as the catalog and statements write them, compared without a server.
#pragma once

#include <optional>
#include <string>

#include "sql/nodes.h"

namespace martlet {

/// The text of a literal, casts and signs included: `-5`, `'x'::text` → x. nullopt for anything else, NULL too.
std::optional<std::string> literal_text(const Node& node);

/// Which of two literals of one type comes first: < 0, 0, > 0. Numbers, and dates, times and UUIDs in their usual form;
/// of other texts only equality is known, because their order is a collation's. nullopt = not known.
std::optional<int> compare_literals(const std::string& a, const std::string& b);

}  // namespace martlet
