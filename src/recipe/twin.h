// A second column that is kept in step with a first one by a trigger: for a rename, and for a change of type.
#pragma once

#include <string>
#include <vector>

#include "recipe/recipe.h"

namespace martlet {

struct Twin {
  const Relation& table;
  const Column& original;
  std::string name;      // of the second column
  std::string type;      // as SQL; "" = the original's
  std::string value;     // of the second column, as SQL that names the table's columns; "" = the first column
  std::string assigned;  // the same before it is cast to the second column's type by assignment, which refuses what
                         // does not fit where a cast would cut it; "" = the value
  enum class Direction { both_ways, forth } direction = Direction::both_ways;
};

/// Adds the column, the trigger that keeps both in step (both ways: whichever side a statement changes wins; both
/// changed and not equal is an error), and fills it in batches. Empty where the column's type is not known, or rows
/// cannot be told apart.
std::vector<RecipeStep> add_twin(const Operation& operation, const Twin& twin);
/// Takes the trigger and its function away.
std::vector<RecipeStep> drop_twin_trigger(const Operation& operation, const Twin& twin);

}  // namespace martlet
