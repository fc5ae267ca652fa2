// Migrations → plan: every statement is executed on the model, and where it would hold up the application its safe form
// takes its place.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "hazard/judge.h"
#include "migration/migration.h"
#include "plan/plan.h"
#include "plan/safe_form.h"

namespace martlet {

struct PlannerSettings {
  double max_block_ms = 200;  // how long a lock that blocks the application may be held
  /// apart: what old code needs stays until the contract phase.
  Phases phases = Phases::together;
  std::set<std::string> together;  // migrations, by id, of which that does not hold
  /// automatic: a file is split where it would hold up the application. file: never; each stays one transaction.
  /// none: no file is a transaction.
  enum class Transactions { automatic, file, none } transactions = Transactions::automatic;
  std::map<std::string, std::string> placeholders;
  std::map<std::string, Hazard::Severity> severities;  // of hazards, as configured
};

/// A migration as planned, and what the hazards say to it that the plan does not make good.
struct PlannedFile {
  PlannedMigration planned;
  std::vector<HazardFinding> findings;
  /// Why its phases cannot come apart, because of what else is in the file; "" = they can, or there is nothing to.
  std::string entangled;
};

/// Plans migrations in the order in which they will run; each on what those before it leave behind.
class Planner {
 public:
  /// `catalog`, `session`: as they are before the first migration.
  Planner(Catalog catalog, SessionState session, PlannerSettings settings);
  ~Planner();

  std::vector<PlannedFile> plan(std::span<const Migration* const> migrations);

 private:
  class File;
  void take(const JudgedStatement& judged);

  PlannerSettings settings_;
  std::unique_ptr<File> file_;  // the migration at work
  std::unique_ptr<Judge> judge_;
};

}  // namespace martlet
