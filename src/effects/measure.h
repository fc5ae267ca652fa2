// What statements really do, seen on a live PostgreSQL server: the counterpart of execute().
#pragma once

#include <functional>
#include <span>

#include "db/connection.h"
#include "effects/effects.h"
#include "sql/statement.h"

namespace martlet {

/// What becomes of the statements' changes once they are measured.
enum class Afterwards { roll_back, keep };

struct MeasureOptions {
  Afterwards afterwards = Afterwards::roll_back;
  /// Called after the last statement succeeded, while its transaction is still open.
  std::function<void()> look;
};

/// Runs the statements in one transaction and tells what they did, all together, to the relations that were there
/// before: locks held by the own backend at their end (pg_locks), heaps and indexes whose storage is another one than
/// before (pg_class.relfilenode; an index that was dropped and made again is recognised by its name), heaps read from
/// end to end (pg_stat_xact_user_tables; track_counts must be on). TOAST tables and the server's own catalogs are left
/// out.
///
/// A statement that fails gives its error and nothing else. One that the server refuses in a transaction block (25001)
/// gives transactional = false; with `keep` it is run on its own then, so that the next statement finds what it left.
/// Throws the connection's errors where they are not the statement's own.
[[nodiscard]] Effects measure(Connection& connection, std::span<const Statement> statements,
                              const MeasureOptions& options = {});

}  // namespace martlet
