// The journal: what a run that is not one transaction has done so far, so that a crash can be resumed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "history/lease.h"
#include "history/names.h"

namespace martlet {

enum class StepState { started, done, failed };
/// The word that is stored and shown.
std::string_view step_state_name(StepState state);

struct JournalEntry {
  std::string run_id;
  std::string migration;  // Migration::id
  std::string direction;  // "up" or "down"
  long long step = 0;     // index of the statement, from 0
  StepState state = StepState::started;
  std::string digest;  // sha256 of the statement, so that a resume notices an edited file
  std::string cursor;  // what the step's executor needs to go on, e.g. "existed before: no"
  std::string updated_at;
};

/// Entries of runs that did not finish, by migration and step; empty on a clean database. The tables must exist
/// (Ledger::exists); Ledger::unfinished() says without a round trip of its own whether there are any.
std::vector<JournalEntry> read_unfinished(Connection& connection, const HistoryNames& names);

/// `started` is committed before a non-transactional step, `done` after it; a transactional step writes `done` in its
/// own transaction. All fail (NOT NULL epoch) when the lease is no longer ours.
Request journal_write(const HistoryNames& names, const JournalEntry& entry, const Identity& who);
/// Sets some of the texts that the entry's cursor holds by name (JSON), and leaves the others, which other workers set.
/// Fails as journal_write does when the lease is no longer ours. PostgreSQL.
Request journal_advance(const HistoryNames& names, const JournalEntry& entry, const std::string& changed,
                        const Identity& who);
/// Removes one step's entry: it left nothing behind.
Request journal_forget(const HistoryNames& names, const JournalEntry& entry);
/// Removes a migration's entries once its ledger row is written: part of that transaction.
Request journal_clear(const HistoryNames& names, const std::string& migration);

}  // namespace martlet
