// What an expression of a statement names, read from its nodes alone.
#pragma once

#include <string>
#include <vector>

#include "schema/catalog.h"
#include "sql/nodes.h"

namespace martlet {

struct Reads {
  std::vector<std::string> columns;      // last parts of column references
  std::vector<QualifiedName> functions;  // that it calls
  bool subquery = false;
};

Reads reads_of(const Node& expression);

/// May the expression have another value at the next call? Yes where a function of a name it calls is volatile, or
/// where the catalog has none of that name.
bool may_be_volatile(const Catalog& catalog, const Reads& reads);

}  // namespace martlet
