// ALTER … DEPENDS ON EXTENSION: the object goes with the extension, which the model does not keep (alter.c,
// ExecAlterObjectDependsStmt).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/lookup.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

bool is_relation(PgQuery__ObjectType type) {
  return type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX || type == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW;
}

// The relation itself, or the one a trigger is on.
void lock_relation(Execution& execution, const PgQuery__AlterObjectDependsStmt& statement) {
  const RelationKind kind = statement.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX ? RelationKind::index
                            : statement.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW
                                ? RelationKind::materialized_view
                                : RelationKind::table;
  const Relation& relation = execution.relation(qualified_name(*statement.relation), kind);
  const bool itself = is_relation(statement.object_type);
  execution.lock(relation.id, itself ? LockMode::access_exclusive : LockMode::access_share);
  if (!itself || relation.assumed) return;
  if (relation.kind == kind || (kind == RelationKind::index && relation.is_index())) return;
  execution.fail("42809", fmt::format("\"{}\" is not {}", relation.name,
                                      kind == RelationKind::index ? "an index" : "a materialized view"));
}

void execute_depends(Execution& execution, const Node& node) {
  const PgQuery__AlterObjectDependsStmt& statement = *node.alter_object_depends_stmt;
  if (statement.relation) lock_relation(execution, statement);
  const std::string extension = statement.extname ? statement.extname->sval : "";
  if (!execution.catalog.complete || execution.catalog.extensions.find("", extension)) return;
  execution.fail("42704", fmt::format("extension \"{}\" does not exist", extension));
}

const Registered<StatementKind> kDepends{{.id = "AlterObjectDependsStmt",
                                          .node = PG_QUERY__NODE__NODE_ALTER_OBJECT_DEPENDS_STMT,
                                          .execute = execute_depends}};

}  // namespace
}  // namespace martlet
