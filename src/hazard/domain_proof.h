// Adding a CHECK or NOT NULL to a domain proves it on all values that there are.
#pragma once

#include <string_view>

#include "hazard/hazard.h"

namespace martlet {

/// Reports the tables that an ALTER DOMAIN reads for it. `what`: "SET NOT NULL".
void check_domain_proof(const Case& at, Findings& found, std::string_view what);

}  // namespace martlet
