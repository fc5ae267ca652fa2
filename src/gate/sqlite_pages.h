// SQLite's own look at its pages, the quick one and the whole one.
#pragma once

#include <string_view>

#include "gate/health.h"

namespace martlet {

/// Runs `pragma` ("quick_check" or "integrity_check"), which answers "ok" or one line a problem.
HealthResult check_pages(HealthSituation& situation, std::string_view pragma);

}  // namespace martlet
