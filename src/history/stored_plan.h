// The plan of a migration that runs step by step, kept until nothing of it is left to do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/connection.h"
#include "history/lease.h"
#include "history/names.h"

namespace martlet {

/// running: some of its steps may be done. expanded: what old code survives is done, the contract waits. contracted:
/// what the contract has put aside waits to be dropped.
enum class PlanState { running, expanded, contracted };
std::string_view plan_state_name(PlanState state);

struct StoredPlan {
  std::string migration;  // Migration::id
  std::string direction;  // "up" or "down"
  PlanState state = PlanState::running;
  std::string plan;        // as plan/json.h writes it
  std::string changed_at;  // since when it has this state: ISO 8601, UTC; set when it is read
};

/// All that are kept, oldest first. None where there is no table of plans: martlet never ran, or last in a version
/// before format 2. Not inside a transaction, which a missing table would end.
std::vector<StoredPlan> read_plans(Connection& connection, const HistoryNames& names);
std::optional<StoredPlan> read_plan(Connection& connection, const HistoryNames& names, const std::string& migration,
                                    const std::string& direction);

/// Writes it, or writes it anew. Fails (NOT NULL epoch) when the lease is no longer ours.
Request plan_write(const HistoryNames& names, const StoredPlan& plan, const Identity& who);
Request plan_forget(const HistoryNames& names, const std::string& migration, const std::string& direction);
/// Plans that were stored and of which no step was begun, as the journal tells: another one will be made.
Request plans_forget_unbegun(const HistoryNames& names);

}  // namespace martlet
