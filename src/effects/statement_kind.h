// How one kind of statement is executed on the model: one file in kinds/ each (kinds that share everything share one).
#pragma once

#include <string_view>
#include <vector>

#include "effects/execution.h"

namespace martlet {

struct StatementKind {
  std::string_view id;           // the parser's name: "IndexStmt"
  PgQuery__Node__NodeCase node;  // which nodes it reads
  void (*execute)(Execution& execution, const Node& node);
  std::vector<PgQuery__Node__NodeCase> also = {};  // others that are executed alike
};

}  // namespace martlet
