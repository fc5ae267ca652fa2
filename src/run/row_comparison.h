// Do two databases with the same tables hold the same rows?
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"
#include "schema/catalog.h"

namespace martlet {

struct RowComparison {
  std::vector<std::string> differences;   // "orders: 3 and 4 rows", "orders: other values in note"
  std::vector<std::string> not_compared;  // "orders.token: each row gets a value of its own"
  int tables = 0;
};

/// Compares the tables of `catalog`, which both have, by the number of rows and a sum over each column, whatever the
/// order of rows and columns. Columns that are not in `before` and have a volatile default are left out, and named.
RowComparison compare_rows(Connection& a, Connection& b, const Catalog& before, const Catalog& catalog);

}  // namespace martlet
