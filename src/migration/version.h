// Version numbers as they stand in file names.
#pragma once

#include <string>
#include <string_view>

namespace martlet {

/// Compares number by number; "." and "_" separate numbers, a missing number is 0, leading zeros do not count:
/// "2" < "10", "1.2" < "1.10", "001" = "1" = "1.0". Anything but digits is compared as text after the numbers.
/// Returns < 0, 0 or > 0.
int compare_versions(std::string_view a, std::string_view b);

/// True for "1", "1.2", "2024.01.01", "001_1": numbers with single separators.
bool is_version(std::string_view text);

/// The number of a version that is one small number ("007" → 7), else -1: a timestamp, or more numbers than one.
long sequence_number(std::string_view version);

/// `number` written with at least as many digits as `model` has ("007" → 8 → "008").
std::string number_like(std::string_view model, long number);

}  // namespace martlet
