// VACUUM and some PRAGMAs run in no transaction, and so does the file that has one of them.
#pragma once

#include <string_view>

#include "hazard/hazard.h"

namespace martlet {

/// Reports a statement that begins with `keyword` and runs outside any transaction. `inside`: what it does in one,
/// "fails".
void check_outside_transaction(const Case& at, Findings& found, std::string_view keyword, std::string_view inside);
/// Takes the finding back where nothing else stands in the file: alone it takes nothing from anybody.
void withdraw_where_alone(const Catalog& catalog, const RunState& state, Findings& found);

}  // namespace martlet
