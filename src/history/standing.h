// Files beside ledger: where each migration stands.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "history/ledger.h"
#include "migration/folder.h"

namespace martlet {

enum class Standing {
  applied,
  stamped,
  baseline,
  retired,  // applied once, its file is gone on purpose (`repair`)
  pending,
  reverted,        // a down ran: pending again
  changed,         // a repeatable whose text changed since it ran: pending
  below_baseline,  // not applied, and a baseline stands in for it
  out_of_order,    // not applied, but something after it is
  edited,          // applied, and the file is no longer what was applied
  missing,         // applied, and the file is gone
  partial,         // begun statement by statement and not finished
};
std::string_view standing_name(Standing standing);

struct StandingEntry {
  const Migration* migration = nullptr;  // null: no file
  const LedgerRow* row = nullptr;        // null: not in the ledger
  Standing standing = Standing::pending;

  std::string id() const { return migration ? migration->id : row->id; }
  /// As the file's layout shows it, also where the file is gone.
  std::string label() const;
  std::string name() const { return migration ? migration->name : row->name; }
  /// True where `up` would run it.
  bool to_run() const;
};

/// One entry a migration, in run order; those without a file stand where their version belongs. `unfinished` are the
/// ids that the journal knows as begun. Points into folder and ledger, which must outlive it.
std::vector<StandingEntry> compare(const Folder& folder, const Ledger& ledger,
                                   const std::set<std::string>& unfinished = {});

/// The label of the last applied versioned migration in run order; "base" where there is none.
std::string current_version(const std::vector<StandingEntry>& entries);

}  // namespace martlet
