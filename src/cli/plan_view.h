// A plan as a table that can be read in ten seconds.
#pragma once

#include "cli/output.h"
#include "run/planning.h"

namespace martlet {

/// One line a step: tier, SQL, strongest lock, work, time; why a file runs in steps; what waits for a later phase; what
/// blocks all the same. The digest last. With --json the same as fields.
void show_plan(Output& output, const PendingPlan& plan);

/// A statement on one line, without its indentation.
std::string on_one_line(const std::string& sql);

}  // namespace martlet
