#include "plan/taken_away.h"

#include "effects/search_path.h"

namespace martlet {
namespace {

const Relation* find_before(const Operation& operation, const QualifiedName& name) {
  return by_search_path(operation.session, name, [&](std::string_view schema, std::string_view relation) {
    return operation.before.relation(schema, relation);
  });
}

}  // namespace

std::optional<OldName> taken_away(const Operation& operation) {
  const Node& node = operation.node;
  QualifiedName name;
  std::string column;
  if (node.node_case == PG_QUERY__NODE__NODE_RENAME_STMT && node.rename_stmt->relation) {
    name = qualified_name(*node.rename_stmt->relation);
    if (node.rename_stmt->rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN) column = node.rename_stmt->subname;
  } else if (node.node_case == PG_QUERY__NODE__NODE_DROP_STMT &&
             node.drop_stmt->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_VIEW) {
    name = qualified_name(node.drop_stmt->objects[0]->list->n_items, node.drop_stmt->objects[0]->list->items);
  }
  const Relation* relation = name.name.empty() ? nullptr : find_before(operation, name);
  if (!relation) return std::nullopt;
  return OldName{QualifiedName{relation->schema, relation->name}.text(), column};
}

}  // namespace martlet
