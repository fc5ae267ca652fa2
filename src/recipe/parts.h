// Series of steps that several recipes share.
#pragma once

#include <string>
#include <vector>

#include "recipe/recipe.h"

namespace martlet {

/// Makes columns (by name) NOT NULL: CHECK … NOT VALID, VALIDATE, SET NOT NULL, the CHECK dropped. Columns that are NOT
/// NULL already are left out.
std::vector<RecipeStep> set_not_null(const Operation& operation, const Relation& table,
                                     const std::vector<std::string>& columns);

/// Adds a CHECK or a foreign key as NOT VALID and validates it in another transaction. `name` is the one that the
/// server would give it. A foreign key of a partitioned table is added to its partitions first (before PostgreSQL 18
/// the parent refuses NOT VALID).
std::vector<RecipeStep> add_not_valid(const Operation& operation, const Relation& table,
                                      const PgQuery__Constraint& constraint, const std::string& name);

/// Adds UNIQUE or PRIMARY KEY by an index that is built concurrently; of a primary key the columns are made NOT NULL
/// first. Empty for a partitioned table: its keys cannot be made USING INDEX.
std::vector<RecipeStep> add_key_using_index(const Operation& operation, const Relation& table,
                                            const PgQuery__Constraint& constraint, const std::string& name,
                                            const std::vector<std::string>& columns);

/// Appends what adds the constraints of a column's definition to the column that is there by then, without blocking:
/// CHECK, foreign key, UNIQUE, PRIMARY KEY. False where one cannot be.
bool add_column_constraints(const Operation& operation, const PgQuery__ColumnDef& definition,
                            std::vector<RecipeStep>& steps);

}  // namespace martlet
