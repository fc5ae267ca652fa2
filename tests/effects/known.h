// Where the model is known to be wrong, or to make no claim: a list that may only get shorter.
#pragma once

#include <string>

#include "tests/effects/report.h"

namespace martlet::testing {

/// Compares a tally with tests/effects/known.tsv: fails for every case that is wrong and not listed there, for every
/// listed one of this `name` (a file of cases) that is right by now, and where more cases are not known than listed.
/// With MARTLET_REBASELINE the list is rewritten instead.
void expect_no_worse_than_known(const std::string& name, const Tally& tally);

}  // namespace martlet::testing
