// A step kind: how to go on after a crash in the middle of one kind of non-transactional statement.
#pragma once

#include <string>
#include <string_view>

#include "db/connection.h"
#include "effects/transactional.h"
#include "sql/statement.h"

namespace martlet {

/// What the catalog says about a step that was started and not finished.
enum class StepOutcome {
  not_begun,  // nothing of it is there: run it
  done,       // it took effect: record it
  half_done,  // something is there that clean_up() removes or completes; the catalog is asked again after it
  unknown,    // only a person can tell
};

/// One file per NonTransactional kind. Functions may be null where there is nothing to do; without `inspect` the
/// statement is simply run again.
struct StepKind {
  std::string_view id;
  NonTransactional kind;
  /// Before the statement runs for the first time: removes what an earlier failure outside martlet left in its way,
  /// e.g. an invalid index that IF NOT EXISTS would keep. Returns what it did, "" for nothing, for the user.
  std::string (*prepare)(Connection&, const Transactionality&);
  /// What must be remembered before it runs (kept in the journal's cursor, see cursor.h): names resolved in this
  /// session, oids that are there already. inspect and clean_up go by it alone, so an edited file does not mislead
  /// them.
  std::string (*before)(Connection&, const Transactionality&);
  StepOutcome (*inspect)(Connection&, const std::string& cursor);
  /// Removes or completes what half_done left, e.g. drops the invalid index. Returns what it did, for the user.
  std::string (*clean_up)(Connection&, const std::string& cursor);
};

/// The kind of a statement that no transaction may hold; not for NonTransactional::none.
const StepKind& step_kind(NonTransactional kind);

}  // namespace martlet
