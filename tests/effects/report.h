// What came out of many cases.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/effects/world.h"

namespace martlet::testing {

struct Tally {
  std::size_t cases = 0;
  std::map<std::string, std::size_t> not_known;  // no claim was made, by reason
  std::size_t up_to_the_rows = 0;                // failed for what the rows are, which the model does not see
  std::vector<Outcome> wrong;
  std::vector<Outcome> other_code;  // fails as predicted, but with another SQLSTATE

  void add(const Outcome& outcome);
  std::size_t count_not_known() const;
  std::string text() const;
};

/// The case, what the model predicted, and what was measured.
std::string text_of(const Outcome& outcome);

/// Runs the cases and prints the tally. Environment: MARTLET_EFFECTS_ONLY=text runs only cases that contain the text;
/// MARTLET_EFFECTS_REPORT=file gets the mismatches, grouped by who has to look at them; MARTLET_EFFECTS_CATALOG=all (or
/// none) compares the catalogs after every case, which takes long.
Tally run_cases(const std::vector<EffectCase>& cases);

/// Locks, rewrites, scans of each relation in one line.
std::string describe(const Effects& effects);

}  // namespace martlet::testing
