// What `up` will do: migrations as ordered steps. Data only; planner.h makes it, run/ runs it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "effects/effects.h"
#include "effects/transactional.h"
#include "recipe/recipe.h"
#include "sql/statement.h"

namespace martlet {

/// What old application code needs: does it go at once, or when the contract is told to run? old_code_is_gone: this is
/// the contract; only what is dropped is put aside all the same.
enum class Phases { together, apart, old_code_is_gone };

/// One relation that a step touches and that others may be using.
struct StepEffect {
  std::string relation;   // `orders`, or `shop.orders` outside the search path
  std::string qualified;  // with its schema, quoted where need be
  LockMode lock = LockMode::access_share;
  bool rewrite = false, scan = false, rebuilt = false;
  bool only_read = false;  // nobody writes to it but who refreshes it: a materialized view

  /// Must the application wait for it: readers or writers, of what is only read its readers?
  bool keeps_others_out() const;
};

/// What old code uses until the contract phase takes it away.
struct OldName {
  std::string table;   // with its schema, quoted where need be; itself, where `column` is ""
  std::string column;  // unquoted
  /// `public.orders.total`, for people.
  std::string text() const;
};

struct PlannedStep {
  Statement statement;        // of the file, or of the recipe; its place is that of the user's statement
  std::size_t source = 0;     // index of the user's statement in the file
  std::string source_digest;  // SHA-256 of its text
  Transactionality traits;    // may a transaction hold it?
  Tier tier = Tier::direct;
  Phase phase = Phase::expand;
  std::string recipe;  // id; "" = the statement as it was written
  std::string note;    // for people
  /// Steps behind each other with the same number are one transaction; 0 = it runs alone, or in batches.
  int transaction = 0;
  std::optional<BatchChange> batch;   // it runs in committed batches
  std::vector<StepEffect> effects;    // predicted
  std::optional<TimeRange> estimate;  // under its strongest lock
  bool known = true;                  // false: the effects are not the whole truth
  /// It holds up the application for longer than the budget, and why there is no other way; "" = it does not.
  std::string over_budget;
  /// A safe form that no plan runs by itself, for a person to decide: the recipe's id and its SQL. "" = none.
  std::string manual_recipe, manual_sql;
  /// SQL that takes it back, once what came behind it is taken back, several statements in transactions of their own;
  /// "" = nothing need be done, nullopt = nothing does.
  std::optional<std::string> undo;
  std::optional<OldName> takes_away;  // of a contract step: what old code must have stopped using
  bool of_section = false;            // it was written below `-- martlet:contract`
};

/// One migration's up part.
struct PlannedMigration {
  std::string id, label, file;
  std::string checksum;
  std::vector<PlannedStep> steps;  // all phases, in the order in which they run
  /// It runs step by step through the journal, not as one transaction.
  bool stepwise = false;
  std::string why;  // it is so, for people; "" = it is one transaction
  /// What is below `-- martlet:contract`, where it is to wait: its statements are planned when they run.
  std::optional<SourceText> contract;
  std::optional<Milliseconds> wait;  // between the phases; nullopt = as configured
  /// Calls of statements that name what the contract takes away, by query id: as pg_stat_statements had counted them
  /// when the expand phase was done.
  std::map<std::string, long long> calls;
  /// Its steps take back those of a run that went up, in place of the file's own down part.
  bool undoes = false;

  bool has(Phase phase) const;
  /// Does anything wait for a later phase?
  bool has_later() const { return contract || has(Phase::contract) || has(Phase::finish); }
  /// Steps that are over budget.
  std::vector<const PlannedStep*> blocking() const;
};

struct Plan {
  std::vector<PlannedMigration> migrations;
  std::string digest;  // see digest.h; "" until it was asked for
};

}  // namespace martlet
