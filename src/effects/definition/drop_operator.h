// DROP OPERATOR.
#pragma once

#include "effects/execution.h"

namespace martlet {

/// Takes the operator out of the catalog. Fails with 42883 where there is none; what it is written in may depend on it,
/// which is then said to be not known.
void drop_operator(Execution& execution, const PgQuery__ObjectWithArgs& written, bool missing_ok);

}  // namespace martlet
