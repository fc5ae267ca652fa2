// One direction of a migration, filled in and split: ready to run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "effects/transactional.h"
#include "migration/migration.h"
#include "run/batch_wish.h"
#include "run/settings.h"
#include "sql/statement.h"
#include "watch/lock_holder.h"

namespace martlet {

enum class Direction { up, down };
std::string_view direction_name(Direction direction);

struct ScriptStatement {
  Statement statement;
  Transactionality traits;
  /// Of a script that runs statement by statement: those behind each other with the same number are one transaction; 0
  /// = one of its own, or none where no transaction may hold it.
  int transaction = 0;
  std::optional<BatchWish> batch = std::nullopt;  // it runs in committed batches
  std::vector<WantedLock> locks;                  // as Job::locks, for one that runs statement by statement
};

struct Script {
  std::vector<ScriptStatement> statements;
  /// False: runs statement by statement through the journal.
  bool transactional = true;
  /// Why not, where the file did not ask for it itself: the statement that no transaction may hold.
  std::string why_not;
};

/// Fills placeholders, splits and classifies. `wants_transaction` is what the file or the command line says. Throws
/// Error{validation} with the place for transaction control at top level, for unknown placeholders, and for a
/// `-- martlet:batch` that stands before nothing it could be for.
Script prepare_script(const SourceText& source, bool wants_transaction, const RunSettings& settings, Dialect dialect);

/// The up script. Throws Error{validation} where the file uses a directive that this version cannot honour.
Script prepare_up(const Migration& migration, const RunSettings& settings, Dialect dialect);

/// The place of character `position` (from 1) of a statement in its file; the statement's own place for 0.
Place place_in(const Statement& statement, int position);

}  // namespace martlet
