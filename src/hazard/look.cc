#include "hazard/look.h"

#include <algorithm>

#include "effects/search_path.h"

namespace martlet {
namespace {

template <class T>
const T* find_in(const Store<T>& store, const SessionState& session, const QualifiedName& name) {
  return by_search_path(session, name,
                        [&](std::string_view schema, std::string_view each) { return store.find(schema, each); });
}

bool is_used(const Case& at, const Relation& table) {
  return !at.is_new(table.id) && table.persistence != Persistence::temporary;
}

const PgQuery__RangeVar* only_table(const Node* query) {
  if (!query || query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return nullptr;
  const PgQuery__SelectStmt& select = *query->select_stmt;
  if (select.n_from_clause != 1 || select.from_clause[0]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR) return nullptr;
  return select.from_clause[0]->range_var;
}

}  // namespace

const Relation* find_relation(const Catalog& catalog, const SessionState& session, const QualifiedName& name) {
  return find_in(catalog.relations, session, name);
}

const Type* find_type(const Catalog& catalog, const SessionState& session, const QualifiedName& name) {
  return find_in(catalog.types, session, name);
}

const Function* find_function(const Catalog& catalog, const SessionState& session, const QualifiedName& name) {
  return find_in(catalog.functions, session, name);
}

bool is_live(const Case& at, const QualifiedName& name) {
  if (const Relation* table = at.relation(name)) return is_used(at, *table);
  return !at.catalog.complete && name.schema != "pg_temp";
}

bool is_live(const Case& at, const PgQuery__RangeVar* range) {
  if (!range) return false;
  if (const Relation* table = at.relation(range)) return is_used(at, *table);
  return !at.catalog.complete && qualified_name(*range).schema != "pg_temp";
}

std::string shown(const PgQuery__RangeVar& range) {
  return qualified_name(range).text();
}

std::string shown(const Relation& relation) {
  return QualifiedName{relation.schema == "public" ? "" : relation.schema, relation.name}.text();
}

ObjectId root_of(const Catalog& catalog, ObjectId relation) {
  const Relation* at = catalog.relations.get(relation);
  while (at && at->partition.parent != 0) {
    relation = at->partition.parent;
    at = catalog.relations.get(relation);
  }
  return relation;
}

std::span<Node* const> alter_commands(const Node& node) {
  if (node.node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return {};
  return list(node.alter_table_stmt->n_cmds, node.alter_table_stmt->cmds);
}

void each_written_column(const Node& node, const std::function<void(const WrittenColumn&)>& visit) {
  using By = WrittenColumn::By;
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_STMT) {
    const PgQuery__CreateStmt& create = *node.create_stmt;
    for (const Node* each : list(create.n_table_elts, create.table_elts)) {
      if (each->node_case != PG_QUERY__NODE__NODE_COLUMN_DEF || !each->column_def->type_name) continue;
      visit({By::create, *create.relation, each->column_def->colname, *each->column_def});
    }
  }
  for (const Node* each : alter_commands(node)) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    const bool adds = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn;
    const bool retypes = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType;
    if (!(adds || retypes) || !command.def || command.def->node_case != PG_QUERY__NODE__NODE_COLUMN_DEF) continue;
    const PgQuery__ColumnDef& definition = *command.def->column_def;
    visit({adds ? By::add : By::retype, *node.alter_table_stmt->relation, adds ? definition.colname : command.name,
           definition, &command});
  }
}

std::string_view type_name(const PgQuery__TypeName* type) {
  return type && type->n_names > 0 ? string_value(type->names[type->n_names - 1]) : "";
}

const PgQuery__Constraint* constraint_of(const PgQuery__ColumnDef& column, PgQuery__ConstrType kind) {
  for (const Node* each : list(column.n_constraints, column.constraints)) {
    if (each->node_case == PG_QUERY__NODE__NODE_CONSTRAINT && each->constraint->contype == kind) {
      return each->constraint;
    }
  }
  return nullptr;
}

std::optional<std::string_view> string_constant(const Node* node) {
  while (node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) node = node->type_cast->arg;
  if (!node || node->node_case != PG_QUERY__NODE__NODE_A_CONST || node->a_const->isnull) return std::nullopt;
  if (node->a_const->val_case != PG_QUERY__A__CONST__VAL_SVAL) return std::nullopt;
  return node->a_const->sval->sval;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

std::optional<TableCopy> table_copy(const Node& node) {
  const PgQuery__RangeVar* source = nullptr;
  const PgQuery__RangeVar* target = nullptr;
  if (node.node_case == PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT) {
    const PgQuery__CreateTableAsStmt& create = *node.create_table_as_stmt;
    if (create.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE || create.into->skip_data) return std::nullopt;
    source = only_table(create.query);
    target = create.into->rel;
  } else if (node.node_case == PG_QUERY__NODE__NODE_INSERT_STMT) {
    source = only_table(node.insert_stmt->select_stmt);
    target = node.insert_stmt->relation;
  }
  if (!source || !target) return std::nullopt;
  return TableCopy{qualified_name(*source), qualified_name(*target)};
}

}  // namespace martlet
