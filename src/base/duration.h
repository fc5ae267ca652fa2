// Durations as people write and read them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace martlet {

using Milliseconds = std::chrono::milliseconds;

/// Reads "250ms", "2s", "1.5min", "1h", "7d"; a bare number is milliseconds. Throws Error{usage} naming `what`.
Milliseconds parse_duration(std::string_view text, std::string_view what);

/// Writes "18 ms", "2.4 s", "3 min 05 s", "2 h 10 min".
std::string show_duration(Milliseconds duration);

}  // namespace martlet
