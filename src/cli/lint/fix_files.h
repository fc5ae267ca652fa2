// `lint --fix`.
#pragma once

#include <string>

#include "cli/lint/lint.h"

namespace martlet {

enum class FixMode { write, show };

struct FixedFiles {
  std::string diff;  // of all files
  std::size_t files = 0, findings = 0;
};

/// Puts text fixes into the files; with FixMode::show only says what it would do. Throws Error{validation} where the
/// command line names a file that is applied.
FixedFiles fix_files(const Linted& linted, FixMode mode);

}  // namespace martlet
