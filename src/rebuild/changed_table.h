// A table's text after an ALTER TABLE, and what its rows are copied from.
#pragma once

#include <map>
#include <set>
#include <string>

#include "rebuild/table_change.h"
#include "rebuild/table_text.h"

namespace martlet {

struct ChangedTable {
  TableText text;
  std::map<std::string, std::string> values;  // column → expression, where it is not copied as it is
  std::set<std::string> added;                // columns that the old table does not have
  std::map<std::string, std::string> types;   // column → its new type
};

/// Throws Error{validation} where a column or constraint is missing or is there already, naming what there is.
ChangedTable apply(const TableChange& change, TableText text);

}  // namespace martlet
