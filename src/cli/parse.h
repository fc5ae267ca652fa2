// argv → a command and what it was told.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace martlet {

struct CommandLine {
  const Command* command = nullptr;  // nullptr: none was named
  Config::Sources sources;
  Arguments arguments;

  bool has(std::string_view option) const { return arguments.has(option); }
};

/// Throws Error{usage} for an unknown command or option (nearest spelling named), a missing value, too many or too few
/// arguments.
CommandLine parse_command_line(const std::vector<std::string>& words);

}  // namespace martlet
