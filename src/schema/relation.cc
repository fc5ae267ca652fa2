#include "schema/relation.h"

#include <algorithm>

namespace martlet {

const Column* Relation::column(int number) const {
  const auto at = std::ranges::find(columns, number, &Column::number);
  return at == columns.end() ? nullptr : &*at;
}

Column* Relation::column(int number) {
  const auto at = std::ranges::find(columns, number, &Column::number);
  return at == columns.end() ? nullptr : &*at;
}

const Column* Relation::column(std::string_view column_name) const {
  const auto at = std::ranges::find(columns, column_name, &Column::name);
  return at == columns.end() ? nullptr : &*at;
}

const Constraint* Relation::constraint(std::string_view constraint_name) const {
  const auto at = std::ranges::find(constraints, constraint_name, &Constraint::name);
  return at == constraints.end() ? nullptr : &*at;
}

}  // namespace martlet
