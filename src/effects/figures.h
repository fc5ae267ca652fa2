// The figures of pg_class, as they were once.
#pragma once

#include <vector>

#include "db/connection.h"

namespace martlet {

/// Pages and rows of every relation. ANALYZE and the building of an index write them past the transaction: taking it
/// back leaves them, and the planner then reads other tables than it would have.
class Figures {
 public:
  /// Remembers them as they are now.
  explicit Figures(Connection& database);

  /// Makes them what they were, in a transaction of its own. Only a superuser may; for others they stay.
  void put_back(Connection& database) const;

 private:
  std::vector<Value> columns_;  // arrays: oid, relpages, reltuples, relallvisible
  bool may_write_ = true;
};

}  // namespace martlet
