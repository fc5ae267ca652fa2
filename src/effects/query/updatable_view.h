// Views whose rows can be changed as those of their one table.
#pragma once

#include <map>

#include "effects/execution.h"

namespace martlet {

struct UpdatableView {
  bool known = true;           // false: its query is not known
  ObjectId base = 0;           // the table or view below; 0 = its rows cannot be changed
  std::map<int, int> columns;  // number in the view → number below; not here: the column cannot be changed
};

/// Of a view, by its query (rewriteHandler.c, view_query_is_auto_updatable and view_col_is_auto_updatable).
UpdatableView updatable_view(Execution& execution, const Relation& view);

}  // namespace martlet
