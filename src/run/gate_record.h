// Gates outside of a run: baselines, and those that go on watching after one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gate/query_profile.h"
#include "gate/trial.h"
#include "run/settings.h"

namespace martlet {

/// True for a gate that compares a query with how it was.
bool has_baseline(const Gate& gate);

/// Measures the queries of these gates and records them in the audit, from where they are the baseline. Takes the lease
/// for a moment.
std::vector<std::pair<std::string, QueryProfile>> record_baselines(const RunSettings& settings,
                                                                   const GateTarget& target,
                                                                   const std::vector<Gate>& gates);

struct WatchedRun {
  std::string run_id, version, ended_at;  // of the last run that applied something; "" = there was none
  std::vector<std::pair<std::string, GateVerdict>> verdicts;  // by gate, of those that still watch over it
  std::string refused;                                        // what the first that did not pass said; "" = all passed
  std::string left;                                           // how a rollback left the database; "" = there was none
};

/// Holds each gate whose `watch_after`, counted from the end of the last run, is not over, once, and records what it
/// says. One that does not pass is told as an event; where it asks for a rollback, what that run applied is taken back,
/// as far as nothing of others is lost by it. Does nothing, without the lease, where no gate watches any more.
WatchedRun watch_last_run(const RunSettings& settings);

}  // namespace martlet
