// Other environments of the same martlet.toml.
#pragma once

#include <string>

#include "cli/command.h"

namespace martlet {

/// The configuration as it would be with --env NAME. Throws Error{usage} for one that is not there.
Config of_environment(const Context& context, const std::string& name);

}  // namespace martlet
