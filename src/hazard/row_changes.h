// Which rows a statement changes, as far as its text and the table's keys tell.
#pragma once

#include <functional>

#include "schema/catalog.h"
#include "sql/nodes.h"

namespace martlet {

/// A table of which a statement changes rows.
struct ChangedTableRows {
  const PgQuery__RangeVar& range;
  const Relation* table;  // nullptr where there is none of that name
  bool by_key;            // no more rows than the statement lists, or names by values of a key of the table
};

using FindTable = std::function<const Relation*(const PgQuery__RangeVar&)>;

/// INSERT, UPDATE, DELETE and MERGE, those in a WITH included. `catalog`: where the tables that `find` finds are.
void each_row_change(const Node& node, const Catalog& catalog, const FindTable& find,
                     const std::function<void(const ChangedTableRows&)>& visit);

}  // namespace martlet
