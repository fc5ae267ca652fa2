#include "plan/taken_away.h"

#include "effects/search_path.h"
#include "hazard/look.h"

namespace martlet {
namespace {

class Names {
 public:
  explicit Names(const Operation& operation) : operation_(operation) {}

  std::vector<OldName> found;

  void renamed(const PgQuery__RenameStmt& rename) {
    if (!rename.relation) return;
    switch (rename.rename_type) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
        return add(qualified_name(*rename.relation), rename.subname);
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
        return add(qualified_name(*rename.relation));
      default:
        return;
    }
  }

  void dropped(const PgQuery__DropStmt& drop) {
    switch (drop.remove_type) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
        for (const Node* each : list(drop.n_objects, drop.objects)) {
          add(qualified_name(each->list->n_items, each->list->items));
        }
        return;
      default:
        return;
    }
  }

  void moved(const PgQuery__AlterObjectSchemaStmt& move) {
    if (move.relation) add(qualified_name(*move.relation));
  }

  void altered(const PgQuery__AlterTableStmt& alter) {
    for (const Node* each : alter_commands(operation_.node)) {
      const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
      if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn) {
        add(qualified_name(*alter.relation), command.name);
      }
    }
  }

 private:
  void add(const QualifiedName& name, std::string_view column = {}) {
    const Relation* relation = by_search_path(
        operation_.session, name,
        [&](std::string_view schema, std::string_view table) { return operation_.before.relation(schema, table); });
    if (!relation || (!column.empty() && !relation->column(column) && !relation->assumed)) return;
    found.push_back({QualifiedName{relation->schema, relation->name}.text(), std::string(column)});
  }

  const Operation& operation_;
};

}  // namespace

std::optional<OldName> taken_away(const Operation& operation) {
  Names names(operation);
  const Node& node = operation.node;
  if (node.node_case == PG_QUERY__NODE__NODE_RENAME_STMT) names.renamed(*node.rename_stmt);
  if (node.node_case == PG_QUERY__NODE__NODE_DROP_STMT) names.dropped(*node.drop_stmt);
  if (names.found.empty()) return std::nullopt;
  return names.found.front();
}

std::vector<OldName> all_taken_away(const Operation& operation) {
  Names names(operation);
  const Node& node = operation.node;
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      names.renamed(*node.rename_stmt);
      break;
    case PG_QUERY__NODE__NODE_DROP_STMT:
      names.dropped(*node.drop_stmt);
      break;
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
      names.moved(*node.alter_object_schema_stmt);
      break;
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      names.altered(*node.alter_table_stmt);
      break;
    default:
      break;
  }
  return std::move(names.found);
}

}  // namespace martlet
