// A step executor: how to go on after a crash in the middle of one kind of non-transactional statement.
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
  half_done,  // something is there that clean_up() removes, then it is run again
  unknown,    // only a person can tell
};

/// One file per NonTransactional kind.
struct StepKind {
  std::string_view id;
  NonTransactional kind;
  /// What must be remembered before it runs (kept in the journal's cursor), e.g. the oid of an index of that name.
  std::string (*before)(Connection&, const Transactionality&);
  StepOutcome (*inspect)(Connection&, const Transactionality&, const std::string& cursor);
  /// Removes what half_done left, e.g. the invalid index. Returns what it did, for the user.
  std::string (*clean_up)(Connection&, const Transactionality&, const std::string& cursor);
};

const StepKind& step_kind(NonTransactional kind);

}  // namespace martlet
