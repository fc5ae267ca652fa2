// The whole program as a function.
#pragma once

#include <string>
#include <vector>

namespace martlet {

/// Runs what the words of a command line (without the program's name) ask for. Returns the exit code; never throws.
int run_program(const std::vector<std::string>& words) noexcept;

}  // namespace martlet
