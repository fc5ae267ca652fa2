// The schemas that the migrations change.
#pragma once

#include <string>
#include <vector>

#include "gate/situation.h"

namespace martlet {

/// Names, unquoted: the default schema, and those that a migration writes before a dot; never martlet's own nor the
/// server's. Too many is harmless. PostgreSQL.
std::vector<std::string> managed_schemas(HealthSituation& situation);

}  // namespace martlet
