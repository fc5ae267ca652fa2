// The safe form of one operation, as steps: one file in recipes/ each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "effects/session_state.h"
#include "recipe/batch.h"
#include "schema/catalog.h"
#include "sql/nodes.h"
#include "sql/statement.h"

namespace martlet {

/// When a step runs: with the migration; when no old application code is left; when nobody has missed what it drops.
enum class Phase { expand, contract, finish };
/// "expand", as `up --phase` and the plan say it.
std::string_view phase_name(Phase phase);

/// How much a safe form changes about the way a statement runs, least first.
enum class Tier {
  direct,           // T0: as written
  in_place,         // T1: several steps on the same table
  shadow_column,    // T2: a second column is filled, and takes the first one's place
  shadow_table,     // T3: the same with a whole table
  expand_contract,  // EC: old and new code work until the contract phase
};
/// "T1", as plans show it.
std::string_view tier_name(Tier tier);

/// The unit of execution (data; running it comes from step/). Steps that share a transaction have the same number
/// there.
struct RecipeStep {
  std::string sql;            // without the `;`
  bool transactional = true;  // false: runs alone, outside any transaction
  int transaction = 0;        // steps with the same number are one transaction; 0 = one of its own
  std::string note;           // for people: why, or what the application must do before the next step
  Phase phase = Phase::expand;
  std::optional<BatchChange> batch;  // sql is one batch of it, to be repeated until it changes nothing
};

/// One operation to make safe: a statement, or one sub-command of an ALTER TABLE.
struct Operation {
  const Statement& statement;
  const Node& node;                                 // the statement
  const PgQuery__AlterTableCmd* command = nullptr;  // the sub-command, of an ALTER TABLE
  const PgQuery__Constraint* constraint = nullptr;  // the constraint, of ADD COLUMN or ADD CONSTRAINT
  const Relation* table = nullptr;                  // before the statement (after it, of CREATE TABLE); nullptr = none
  const Catalog& catalog;                           // after the statement
  CatalogBefore before;
  const SessionState& session;
};

struct Recipe {
  std::string_view id;  // "set-not-null"
  std::string_view summary;
  Tier tier = Tier::in_place;
  /// advised: a person must decide, because it ends in another schema than the statement, invents a value, or makes
  /// queries slow meanwhile. Plans leave it out.
  enum class Use { planned, advised } use = Use::planned;
  /// The steps for this table; empty where it cannot be done this way here.
  std::vector<RecipeStep> (*steps)(const Operation& operation);
};

/// The recipe's steps for this operation, and what else its ALTER TABLE does as a step of its own; empty where the
/// operation cannot be done this way here.
std::vector<RecipeStep> steps_of(const Recipe& recipe, const Operation& operation);

/// A recipe's own steps, and what else the operation's ALTER TABLE does as a step of its own.
std::vector<RecipeStep> with_rest(const Operation& operation, std::vector<RecipeStep> steps);

/// Steps as SQL that a person can read and run: BEGIN and COMMIT shown where steps share a transaction.
std::string render(const std::vector<RecipeStep>& steps);

}  // namespace martlet
