// Is a process that wrote its pid down still there?
#pragma once

#include <string>

namespace martlet {

enum class Liveness {
  alive,
  gone,
  unknown,  // it runs (or ran) on another machine, or in another pid namespace
};

/// What, beside its number, tells a process from another one that gets the same number later: boot id, pid namespace
/// and start time, from /proc. "" where there is no such process.
std::string process_mark(long pid);

/// `mark`: what process_mark gave on the machine and at the time when the process wrote itself down.
Liveness liveness(long pid, const std::string& mark);

}  // namespace martlet
