// Dynamic SQL written safely: format() in the place of values that are pasted.
#pragma once

#include <optional>
#include <string>

namespace martlet {

/// The expression of an EXECUTE, `'… ' || name || '…'` or format() with %s, as one call of format() with %I for names
/// and %L for values. Which of the two is told by where it stands: `'` on both sides makes it a value, `"` on both
/// sides, a dot or a word such as FROM before it a name. nullopt where that cannot be told of all.
std::optional<std::string> as_format_call(const std::string& expression);

}  // namespace martlet
