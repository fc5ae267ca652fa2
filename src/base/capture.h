// Another program's output.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace martlet {

struct Captured {
  int exit_code = 0;  // 128 + N where signal N ended it
  std::string output, errors;
};

/// Runs a program to its end, with nothing on its standard input. The first argument is the program, looked up in PATH
/// unless it has a slash; `environment` goes on top of ours, which is where secrets belong: every user of the machine
/// can read arguments. Throws Error{usage} where it cannot be started, Error{cancelled} after ending it on a cancel.
Captured capture(const std::vector<std::string>& arguments, const std::map<std::string, std::string>& environment = {});

}  // namespace martlet
