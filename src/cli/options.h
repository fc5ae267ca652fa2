// The options that every command takes, and how option names are written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace martlet {

/// Accepted by every command, before or after its name.
const std::vector<Option>& global_options();

/// The letters of older migration scripts (`-d -s -r -f`), accepted before and after the command. A call without a
/// command that has one of them, or `-v`, means `up`; with `-r VERSION` it means `down --to VERSION`.
const std::vector<Option>& script_options();

/// "-t,--to" → {"-t", "--to"}.
std::vector<std::string> option_names(const Option& option);
/// "-t,--to" → "to"; an option without a long name gives its letter.
std::string option_key(const Option& option);
/// The command of this name or alias, or nullptr.
const Command* find_command(std::string_view name);
/// All names and aliases, for suggestions and completion.
std::vector<std::string> command_names();

}  // namespace martlet
