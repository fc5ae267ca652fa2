// What runs that did not finish have left in the journal.
#pragma once

#include <string>
#include <vector>

#include "history/journal.h"
#include "run/course.h"
#include "run/goal.h"

namespace martlet {

/// The journal's entries of one job.
std::vector<JournalEntry> unfinished_of(Session& session, const Job& job);

/// Goes on with every migration that an earlier run left in its middle. Throws Error{partial} where the file it needs
/// is gone or cannot go on.
void resume_leftovers(Course& course);

/// Before a `down`: like resume_leftovers for downs; throws Error{partial} where an *up* is in its middle, as taking
/// it back needs a person's decision.
void resume_downs_only(Course& course);

/// Takes back what interrupted runs have done of their migrations, by their stored plans; what was on its way down goes
/// on. Throws Error{partial} where there is no plan, and Error{validation} where a step cannot be taken back.
void undo_leftovers(Course& course);

/// `repair --applied` / `--not-applied`: a person has settled a migration by hand. Clears its entries, and records it
/// as applied or as reverted. Throws Error{usage} where it has none.
void settle_by_hand(Course& course, const std::string& version, LedgerState state);

}  // namespace martlet
