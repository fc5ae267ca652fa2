// What recipes are made of: names as they must be written, names that are free, statements with one part changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "recipe/recipe.h"

namespace martlet {

// Names, quoted where needed.

/// The relation as the operation's search path finds it: `orders`, or `shop.orders`.
std::string name_in(const Operation& operation, const Relation& relation);
/// `a, "B"`: the columns with these numbers; expressions (0) are left out.
std::string column_list(const Relation& table, const std::vector<int>& numbers);

// Names that are free. PostgreSQL cuts names to 63 bytes and would then find them taken.

/// `table_column_suffix`, its longer parts cut so that it fits into 63 bytes (indexcmds.c, makeObjectName).
std::string object_name(std::string_view table, std::string_view column, std::string_view suffix);
/// `wanted`, numbered where the table has a constraint of that name already.
std::string free_constraint(const Operation& operation, const Relation& table, const std::string& wanted);
/// `wanted`, numbered where the schema has a relation of that name already.
std::string free_relation(const Operation& operation, std::string_view schema, const std::string& wanted);
/// `wanted`, numbered where the table has a column of that name already.
std::string free_column(const Relation& table, const std::string& wanted);

// Statements.

/// `ALTER TABLE orders ` + action.
std::string alter_table(const Operation& operation, const Relation& table, std::string_view action);
/// The operation's ALTER TABLE with this one sub-command.
std::string alter_with(const Operation& operation, const PgQuery__AlterTableCmd& command);
/// The operation's ALTER TABLE without these sub-commands; "" where it has no others.
std::string alter_without(const Operation& operation, const std::vector<const PgQuery__AlterTableCmd*>& commands);

/// A column definition with only the constraints that `keep` wants.
class ColumnWithout {
 public:
  ColumnWithout(const PgQuery__ColumnDef& column, bool (*keep)(const PgQuery__Constraint&));
  ColumnWithout(const ColumnWithout&) = delete;
  ColumnWithout& operator=(const ColumnWithout&) = delete;
  /// The sub-command that adds it.
  const PgQuery__AlterTableCmd& add_column(const PgQuery__AlterTableCmd& original);

 private:
  std::vector<Node*> constraints_;
  PgQuery__ColumnDef column_;
  Node node_;
  PgQuery__AlterTableCmd command_;
};

// What the operation made.

/// The table as the operation leaves it; nullptr where it is gone.
const Relation* table_after(const Operation& operation);
/// The constraint that `made` became: by its name, otherwise by its kind among the new ones. nullptr where the catalog
/// does not show one (a table that was never seen).
const Constraint* constraint_after(const Operation& operation, const PgQuery__Constraint& made);

// Steps.

/// One statement in a transaction of its own.
RecipeStep step(std::string sql, std::string note = "");
/// One statement outside any transaction.
RecipeStep alone(std::string sql, std::string note = "");
/// One batch of the change, to be repeated, each time committed, until it changes nothing.
RecipeStep batch(const Operation& operation, const Relation& table, BatchChange change, std::string note = "");
/// Only when no old code runs any more.
RecipeStep contract(std::string sql, std::string note = "");
/// Only when nobody has missed what the contract has put aside.
RecipeStep finish(std::string sql, std::string note = "");
/// Makes one transaction of the steps from `first` on.
void join_steps(std::vector<RecipeStep>& steps, std::size_t first);
void append(std::vector<RecipeStep>& steps, std::vector<RecipeStep> more);

}  // namespace martlet
