// What stamp, baseline, repair and resume recorded.
#pragma once

#include "cli/command.h"
#include "run/stamp.h"

namespace martlet {

/// One line each, then where the database is; `nothing` where there are none.
int show_record(Context& context, const RecordReport& report, std::string_view nothing);

}  // namespace martlet
