// What `up` does not touch: a folder and a ledger that do not fit together.
#pragma once

#include <vector>

#include "history/standing.h"
#include "run/session.h"

namespace martlet {

/// Throws Error{validation} for: errors found while reading the folder; several heads; a file edited after it was
/// applied (with the difference); an applied file that is gone (naming the file it may have been renamed to); a
/// migration that comes before applied ones (as settings.out_of_order says).
void refuse_inconsistent(Session& session, const Folder& folder, const std::vector<StandingEntry>& entries);

/// The difference between what was applied and what is in the file now, as unified diff text.
std::string difference_from_applied(Session& session, const Migration& migration);

}  // namespace martlet
