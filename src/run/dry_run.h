// What a run would do, without doing it; and the same for real on a scratch copy.
#pragma once

#include <string>
#include <vector>

#include "run/course.h"
#include "run/goal.h"
#include "run/report.h"
#include "run/settings.h"

namespace martlet {

struct DryStatement {
  std::string sql;
  Place place;
  bool transactional = true;
  std::string batches;  // how it runs in batches: "in batches by id, 1,200 rows"; "" = it does not
};
struct DryMigration {
  std::string id, label, name, file;
  Direction direction = Direction::up;
  bool transactional = true;
  std::string why_not;  // why it is not one transaction, where the file did not ask for it
  std::vector<DryStatement> statements;
};

/// The ordered migrations and statements that `up` / `down` would run. Refuses what `up` would refuse. Changes nothing:
/// a database without martlet's tables stays without them.
[[nodiscard]] std::vector<DryMigration> dry_run(const RunSettings& settings, Direction direction, const Goal& goal);

/// Runs the same on a scratch database that has the target's schema and ledger (SQLite: its rows too), then drops it.
/// Refused on a protected environment without a scratch server of its own.
[[nodiscard]] RunReport dry_run_on_scratch(const RunSettings& settings, Direction direction, const Goal& goal,
                                           const std::string& scratch_url);

}  // namespace martlet
