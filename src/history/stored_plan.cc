#include "history/stored_plan.h"

#include <array>

#include "history/record.h"
#include "history/values.h"

namespace martlet {
namespace {

constexpr std::string_view kUndefinedTable = "42P01", kUndefinedSchema = "3F000";
constexpr std::array<std::string_view, 3> kStates{"running", "expanded", "contracted"};

PlanState plan_state_from(std::string_view name) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == name) return static_cast<PlanState>(i);
  }
  throw Error(ErrorKind::validation, "a stored plan has a state that this martlet does not know: " + std::string(name))
      .next("run the martlet version that wrote it, or a later one");
}

std::string select(const HistoryNames& names) {
  return "SELECT migration, direction, state, plan, " + names.iso("changed_at") + " FROM " + names.plan;
}

StoredPlan plan_from(const Row& row) {
  return {text_of(row[0]), text_of(row[1]), plan_state_from(text_of(row[2])), text_of(row[3]), text_of(row[4])};
}

}  // namespace

std::string_view plan_state_name(PlanState state) {
  return kStates[static_cast<std::size_t>(state)];
}

std::vector<StoredPlan> read_plans(Connection& connection, const HistoryNames& names) {
  std::vector<StoredPlan> plans;
  try {
    connection.each_row({select(names) + " ORDER BY changed_at, migration", {}},
                        [&](Row&& row) { plans.push_back(plan_from(row)); });
  } catch (const Error& error) {
    if (error.sqlstate != kUndefinedTable && error.sqlstate != kUndefinedSchema) throw;
  }
  return plans;
}

std::optional<StoredPlan> read_plan(Connection& connection, const HistoryNames& names, const std::string& migration,
                                    const std::string& direction) {
  const Result found =
      connection.execute(select(names) + " WHERE migration = $1 AND direction = $2", {migration, direction});
  if (found.rows.empty()) return std::nullopt;
  return plan_from(found.rows.front());
}

Request plan_write(const HistoryNames& names, const StoredPlan& plan, const Identity& who) {
  return {"INSERT INTO " + names.plan +
              " AS p (migration, direction, state, plan, run_id, epoch, changed_at) VALUES ($1, $2, $3, $4, $5, " +
              held_epoch(names, "$5") + ", " + names.now +
              ") ON CONFLICT (migration, direction) DO UPDATE SET state = excluded.state, plan = excluded.plan, "
              "run_id = excluded.run_id, epoch = excluded.epoch, changed_at = CASE WHEN p.state = excluded.state "
              "THEN p.changed_at ELSE excluded.changed_at END",
          {plan.migration, plan.direction, std::string(plan_state_name(plan.state)), plan.plan, who.run_id}};
}

Request plan_forget(const HistoryNames& names, const std::string& migration, const std::string& direction) {
  return {"DELETE FROM " + names.plan + " WHERE migration = $1 AND direction = $2", {migration, direction}};
}

Request plans_forget_unbegun(const HistoryNames& names) {
  return {"DELETE FROM " + names.plan + " p WHERE p.state = 'running' AND NOT EXISTS (SELECT FROM " + names.journal +
              " j WHERE j.migration = p.migration)",
          {}};
}

}  // namespace martlet
