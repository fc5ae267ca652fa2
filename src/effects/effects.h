// What a statement would do to a database: the answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/relation.h"

namespace martlet {

/// PostgreSQL's table-level lock modes, weakest first (documentation, section 13.3.1).
enum class LockMode {
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive,
};
/// "AccessExclusive", as pg_locks says it without its "Lock".
std::string_view lock_name(LockMode mode);
/// "ACCESS EXCLUSIVE", as LOCK TABLE and the documentation say it.
std::string_view lock_words(LockMode mode);
/// Does a holder of `mode` keep others from reading (SELECT) or from writing (INSERT, UPDATE, DELETE)?
bool blocks_reads(LockMode mode);
bool blocks_writes(LockMode mode);

/// What happens to one relation that was there before the statement.
struct RelationEffect {
  ObjectId id = 0;
  std::string schema, name;  // as they were before the statement
  RelationKind kind = RelationKind::table;
  std::vector<LockMode> locks;  // weakest first, each once
  bool rewrite = false;         // a heap is written anew
  bool scan = false;            // a heap is read from end to end; a rewrite does that, too
  bool rebuilt = false;         // an index is built anew

  /// access_share where nothing is locked.
  LockMode strongest() const { return locks.empty() ? LockMode::access_share : locks.back(); }
};

/// Milliseconds under the strongest lock, from … to.
struct TimeRange {
  double low = 0, high = 0;
};

struct PredictedError {
  std::string sqlstate;
  std::string message;  // as the server would say it, as far as it can be known
};

struct Effects {
  std::vector<RelationEffect> relations;  // in the order in which they were first touched
  bool transactional = true;              // false: PostgreSQL refuses it in a transaction block
  std::optional<PredictedError> error;    // it would fail; nothing of it remains
  std::optional<TimeRange> estimate;      // absent where sizes are not known
  bool known = true;                      // false: not understood, the rest is not the whole truth
  std::string unknown_reason;             // for people, where not known
  std::vector<std::string> assumptions;   // what was taken for granted for want of a database

  const RelationEffect* on(ObjectId relation) const;
  bool rewrites() const;
};

}  // namespace martlet
