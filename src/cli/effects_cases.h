// The statements that `effects` is asked about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/command.h"
#include "sql/statement.h"

namespace martlet {

/// One question: statements that are applied in order; the last one's answer stands.
struct EffectsCase {
  std::string text;
  std::vector<Statement> statements;
  std::optional<Error> problem;  // it cannot even be split into statements
};

struct EffectsCases {
  std::vector<EffectsCase> cases;
  /// True for a file: each case begins where the one before it ended, not all at the same catalog.
  bool in_sequence = false;
};

/// From the arguments (each one is a case), --file FILE (each statement of it is one), or standard input (each line is
/// one), which is read where there is neither, or "-". Throws Error{usage} where there is nothing to answer, or both
/// were given.
EffectsCases read_effects_cases(const Arguments& arguments);

}  // namespace martlet
