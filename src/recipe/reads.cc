#include "recipe/reads.h"

#include <algorithm>

#include "sql/walk.h"

namespace martlet {
namespace {

void read(const Node& node, Reads& reads) {
  if (node.node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {
    const PgQuery__ColumnRef& column = *node.column_ref;
    reads.columns.push_back(qualified_name(column.n_fields, column.fields).name);
  } else if (node.node_case == PG_QUERY__NODE__NODE_FUNC_CALL) {
    reads.functions.push_back(qualified_name(node.func_call->n_funcname, node.func_call->funcname));
  } else if (node.node_case == PG_QUERY__NODE__NODE_SUB_LINK) {
    reads.subquery = true;
  }
  each_child(node, [&](const Node& child) { read(child, reads); });
}

}  // namespace

Reads reads_of(const Node& expression) {
  Reads reads;
  read(expression, reads);
  return reads;
}

bool may_be_volatile(const Catalog& catalog, const Reads& reads) {
  return std::ranges::any_of(reads.functions, [&](const QualifiedName& name) {
    bool known = false;
    bool is_volatile = false;
    const auto look = [&](const Function& function) {
      known = true;
      is_volatile = is_volatile || function.volatility == Volatility::volatile_;
    };
    for (const std::string_view schema : {std::string_view("pg_catalog"), std::string_view("public")}) {
      if (name.schema.empty() || name.schema == schema) catalog.functions.each_named(schema, name.name, look);
    }
    if (!known) catalog.functions.each_named(name.schema, name.name, look);
    return !known || is_volatile;
  });
}

}  // namespace martlet
