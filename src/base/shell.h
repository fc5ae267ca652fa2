// A command of the team's own: of a gate, of a throttle.
#pragma once

#include <map>
#include <string>

#include "base/duration.h"

namespace martlet {

struct ShellOutcome {
  int exit_code = 0;
  std::string output;  // the end of both streams
};

/// Runs it by /bin/sh with nothing on its standard input. Throws Error{refused} after ending it, and what it started,
/// when it takes longer than `limit`; Error{cancelled} likewise on a cancel.
ShellOutcome run_shell(const std::string& command, const std::map<std::string, std::string>& environment,
                       Milliseconds limit);

/// The last line of what a program said that is not blank: most say there how it went. "" where it said nothing.
std::string last_line(const std::string& output);

}  // namespace martlet
