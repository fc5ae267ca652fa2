// The program itself, as a user runs it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/process.h"

namespace martlet::testing {

/// `martlet ARGUMENTS…` as a Command; MARTLET_PROGRAM is what the build made.
inline Command martlet_command(std::vector<std::string> arguments, Environment environment = {},
                               std::filesystem::path folder = {}) {
  arguments.insert(arguments.begin(), MARTLET_PROGRAM);
  return {std::move(arguments), std::move(environment), std::move(folder)};
}

/// Runs `martlet ARGUMENTS…` to its end.
inline Finished martlet(std::vector<std::string> arguments, Environment environment = {},
                        std::filesystem::path folder = {}) {
  return run(martlet_command(std::move(arguments), std::move(environment), std::move(folder)));
}

}  // namespace martlet::testing
