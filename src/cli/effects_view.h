// What statements would do, on the screen and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/output.h"
#include "effects/effects.h"

namespace martlet {

/// The answer for one statement (of several on a line: for the last one).
struct EffectsAnswer {
  std::string statement;  // as it was asked
  Effects predicted;
  std::vector<std::string> names;      // of predicted.relations: unqualified where the search path finds them
  std::optional<Effects> measured;     // with --measure
  std::vector<std::string> disagrees;  // where the two differ
  bool up_to_the_rows = false;         // it failed on the copy for what rows it has
};

/// A table of what is locked, rewritten, scanned and built, and sentences for the rest.
void show_effects(Output& output, const EffectsAnswer& answer);

/// {"statement", "relations": [{"name", "locks", "rewrite", "scan", "rebuilt"}], "transactional", "error",
/// "estimate_ms", "known"}; "error" is the SQLSTATE where there is one. Where it was measured, also "measured" (the
/// same without "known" and "estimate_ms") and "disagrees".
nlohmann::ordered_json effects_json(const EffectsAnswer& answer);

}  // namespace martlet
