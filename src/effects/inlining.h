// Functions that the planner replaces by their body.
#pragma once

#include <string>

#include "schema/catalog.h"

namespace martlet {

/// The expression that stands in place of a call: of a function in SQL that is one SELECT of one expression and nothing
/// else. "" where it is called as it is (clauses.c, inline_function). Whether the body may change more often than the
/// function promises, which keeps it from being inlined as well, the caller has to ask.
std::string inlined_expression(const Function& function);

}  // namespace martlet
