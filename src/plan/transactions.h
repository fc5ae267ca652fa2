// Steps → transactions: which of them share one.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "plan/plan.h"

namespace martlet {

/// Does what follows in the same transaction depend on the statement: SET LOCAL, LOCK TABLE, SET CONSTRAINTS, a cursor,
/// a temporary table that goes at COMMIT?
bool needs_its_transaction(const Node& statement);

/// How statements as written come together in a migration that runs step by step.
struct Sharing {
  enum class Of { while_it_fits, nothing } of = Of::while_it_fits;  // nothing: each is a transaction of its own
  double max_block_ms = 0;  // while the first lock that blocks others is held for no longer
  std::size_t bound = std::numeric_limits<std::size_t>::max();  // from this statement of the file on, whatever it takes
};

/// Numbers the transactions; steps of recipes keep the recipe's own grouping.
void number_transactions(std::vector<PlannedStep>& steps, const Sharing& sharing);

/// How long others wait at most while the steps run as one transaction, milliseconds: all that comes behind the first
/// lock that blocks them.
double hold_of_all(const std::vector<PlannedStep>& steps);

}  // namespace martlet
