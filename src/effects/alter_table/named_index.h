// An index that a sub-command names.
#pragma once

#include "effects/alter_table/action.h"

namespace martlet {

/// The table's index of this name, looked for in the table's schema. Fails with 42704 where there is none and with
/// 42809 where it is another table's; 0 where nobody can know.
ObjectId named_index(const AlterStep& step, std::string_view name);

}  // namespace martlet
