// The safe form of one operation, as steps: one file in recipes/ each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "effects/session_state.h"
#include "schema/catalog.h"
#include "sql/nodes.h"
#include "sql/statement.h"

namespace martlet {

/// The unit of execution (data; running it comes from step/). Steps that share a transaction have the same number
/// there.
struct RecipeStep {
  std::string sql;            // without the `;`
  bool transactional = true;  // false: runs alone, outside any transaction
  int transaction = 0;        // steps with the same number are one transaction; 0 = one of its own
  std::string note;           // for people: why, or what the application must do before the next step
  bool contract = false;      // only after no old code runs any more
  bool is_batch = false;      // sql is to be repeated in committed batches until it changes nothing
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
  /// The steps for this table; empty where it cannot be done this way here.
  std::vector<RecipeStep> (*steps)(const Operation& operation);
};

/// The recipe's steps for this operation, and what else its ALTER TABLE does as a step of its own; empty where the
/// operation cannot be done this way here.
std::vector<RecipeStep> steps_of(const Recipe& recipe, const Operation& operation);

/// Steps as SQL that a person can read and run: BEGIN and COMMIT shown where steps share a transaction.
std::string render(const std::vector<RecipeStep>& steps);

}  // namespace martlet
