// Cases as text, multiplied out.
#pragma once

#include <filesystem>
#include <vector>

#include "tests/effects/world.h"

namespace martlet::testing {

/// A case a line; `#` begins a comment line. A line `$name = one | two | three` gives a variable its values, for the
/// lines below it; a statement stands for every combination of the variables that it names. In a .tsv file only the
/// first column counts. `file`: in tests/effects.
std::vector<EffectCase> read_cases(const std::filesystem::path& file);

/// The files of tests/effects/cases, by name.
std::vector<std::string> case_files();

}  // namespace martlet::testing
