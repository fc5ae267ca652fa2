// Destroying data needs a yes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "run/job.h"
#include "run/settings.h"

namespace martlet {

/// What the jobs would destroy, as sentences with their place: "V007__x.sql:3: drops the table orders".
std::vector<std::string> destruction(std::span<const Job> jobs, Dialect dialect);

/// On a protected environment: returns if `losses` is empty, --yes was given, or the person agrees; else throws
/// Error{refused} listing them. Elsewhere returns.
void require_consent(const RunSettings& settings, const std::vector<std::string>& losses);

}  // namespace martlet
