// The row in which a run says how far it is, and others say what they want of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/duration.h"
#include "db/connection.h"
#include "history/names.h"

namespace martlet {

/// `abort` ends the run at the next safe point, `abort_now` cancels the running statement as well.
enum class Wish { none, pause, abort, abort_now };
/// The word that is stored and shown; "" for none.
std::string_view wish_word(Wish wish);

enum class RunPhase { running, waiting, throttled, paused, ended };
std::string_view run_phase_word(RunPhase state);

struct RunProgress {
  RunPhase state = RunPhase::running;
  std::string migration;        // its label
  long long step = 0;           // the statement that is running, from 1; 0 = none yet
  long long steps = 0;          // of this migration
  std::string doing;            // the statement, where it stands: "V007__x.sql:12"
  long long units_done = 0;     // of the statement, where it can be told
  long long units_total = 0;    // 0 = not known
  std::string unit;             // "rows", "blocks"
  double units_per_second = 0;  // 0 = not known
  std::string reason;           // why it waits: who holds the lock, what the throttle says, who paused it
};

struct ControlRow {
  std::string run_id;
  Wish wish = Wish::none;
  std::string wished_by;
  std::string limits;  // of the throttle, as `run throttle` set them: "replica_lag=5s wal_rate=off"
  RunProgress progress;
  std::string state;                // as stored; "" = this run has not reported yet
  std::string reported_at;          // ISO 8601, UTC; "" = never
  std::optional<Milliseconds> age;  // of the report, by the server's clock
};

struct Wishes {
  Wish wish = Wish::none;
  std::string wished_by;
  std::string limits;
};

/// nullopt where there is no such table: martlet never ran here, or last in a version before format 2.
std::optional<ControlRow> read_control(Connection& connection, const HistoryNames& names);

/// Writes how far the run is and returns what is wished of it, in one round trip. A row about an earlier run is taken
/// over, and its wishes are forgotten.
Wishes report_to_control(Connection& connection, const HistoryNames& names, const std::string& run_id,
                         const RunProgress& progress);

/// What is wished of this run; nothing where the row is about another one. Only reads: cheap enough for every batch.
Wishes wishes_of_run(Connection& connection, const HistoryNames& names, const std::string& run_id);

/// Wishes something of the run. Where the row is about another run, what it says of that one is forgotten, and a run
/// that finds its row about another takes it back with its next report: who wishes must know whose lease it is.
void wish_of_run(Connection& connection, const HistoryNames& names, const std::string& run_id, Wish wish,
                 const std::string& by);
/// Sets limits of its throttle, instead of those set before.
void limit_run(Connection& connection, const HistoryNames& names, const std::string& run_id, const std::string& limits);

}  // namespace martlet
