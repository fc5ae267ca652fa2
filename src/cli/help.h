// Help, made from the registry.
#pragma once

#include <string>

#include "cli/command.h"
#include "cli/output.h"

namespace martlet {

/// What `martlet` alone says: what it is and where to begin.
std::string short_help();
/// `martlet help`: the commands by group, the global options, the exit codes.
std::string full_help();
/// `martlet help up`.
std::string command_help(const Command& command);

/// `text` broken at blanks to lines of at most `width` columns, each begun with `indent` blanks; line breaks in it
/// stay.
std::string wrap(std::string_view text, std::size_t indent, std::size_t width = 80);

}  // namespace martlet
