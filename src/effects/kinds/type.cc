// CREATE TYPE: composite, range, base and shell (typecmds.c).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/definition/new_type.h"
#include "effects/definition/parts.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void create_composite(Execution& execution, const PgQuery__CompositeTypeStmt& statement) {
  const QualifiedName name = qualified_name(*statement.typevar);
  Type type = begin_type(execution, name, Type::Kind::composite);
  type.category = 'C';
  type.storage = 'x';
  Relation row{.id = execution.catalog.next_id(),
               .schema = type.schema,
               .name = type.name,
               .kind = RelationKind::composite_type,
               .owner = type.owner,
               .row_type = type.id};
  for (const Node* each : list(statement.n_coldeflist, statement.coldeflist)) {
    Column column = make_column(execution, *each->column_def, row);
    if (row.column(column.name)) {
      execution.fail("42701", fmt::format("column \"{}\" specified more than once", column.name));
    }
    row.columns.push_back(std::move(column));
  }
  type.relation = row.id;
  execution.catalog.add_relation(std::move(row));
  add_type(execution, std::move(type));
}

void create_range(Execution& execution, const PgQuery__CreateRangeStmt& statement) {
  const QualifiedName name = qualified_name(statement.n_type_name, statement.type_name);
  Type type = begin_type(execution, name, Type::Kind::range);
  type.category = 'R';
  type.storage = 'x';
  std::string multirange = type.name.find("range") == std::string::npos ? type.name + "_multirange" : type.name;
  if (const auto at = multirange.find("range"); at != std::string::npos && multirange == type.name) {
    multirange.insert(at, "multi");
  }
  for (const Node* each : list(statement.n_params, statement.params)) {
    const PgQuery__DefElem& option = *each->def_elem;
    if (std::string_view(option.defname) == "subtype")
      type.subtype = resolve_type(execution, *option.arg->type_name).type;
    if (std::string_view(option.defname) == "multirange_type_name") multirange = option_value(option);
  }
  Type many = begin_type(execution, {type.schema, multirange}, Type::Kind::multirange);
  many.category = 'R';
  many.storage = 'x';
  many.subtype = type.id;
  add_type(execution, std::move(type));
  add_type(execution, std::move(many));
}

void execute_type(Execution& execution, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT) {
    return create_composite(execution, *node.composite_type_stmt);
  }
  create_range(execution, *node.create_range_stmt);
}

const Registered<StatementKind> kType{{.id = "CompositeTypeStmt",
                                       .node = PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT,
                                       .execute = execute_type,
                                       .also = {PG_QUERY__NODE__NODE_CREATE_RANGE_STMT}}};

}  // namespace
}  // namespace martlet
