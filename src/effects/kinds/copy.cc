// COPY.
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/definition.h"
#include "effects/query/dml.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void copy_to(QueryReader& reader, ObjectId table) {
  const Relation& relation = *reader.execution.catalog.relations.get(table);
  if (relation.kind == RelationKind::view || relation.kind == RelationKind::partitioned_table ||
      relation.kind == RelationKind::materialized_view) {
    const bool view = relation.kind == RelationKind::view;
    const bool partitioned = relation.kind == RelationKind::partitioned_table;
    reader.execution.fail("42809", fmt::format("cannot copy from {} \"{}\"",
                                               view          ? "view"
                                               : partitioned ? "partitioned table"
                                                             : "materialized view",
                                               relation.name));
  }
  reader.execution.lock(table, LockMode::access_share);
  reader.execution.scan(table);
}

// Its rows are the client's or a file's; the model has those that stand behind the statement.
void copy_from(Execution& execution, const PgQuery__CopyStmt& statement, ObjectId table) {
  const Relation& relation = *execution.catalog.relations.get(table);
  if (relation.kind == RelationKind::materialized_view || relation.kind == RelationKind::sequence) {
    execution.fail("42809", fmt::format("cannot copy to {} \"{}\"", kind_word(relation.kind), relation.name));
  }
  execution.lock(table, LockMode::row_exclusive);
  const bool no_rows = execution.statement.is_copy_in && execution.statement.copy_data.empty();
  if (statement.filename && *statement.filename) execution.assume("the file that is copied has rows");
  if (relation.kind == RelationKind::partitioned_table || no_rows) return;
  change_rows(execution, table, RowChange::insert);
}

void execute_copy(Execution& execution, const Node& node) {
  const PgQuery__CopyStmt& statement = *node.copy_stmt;
  QueryReader reader(execution);
  if (statement.query) return reader.query(*statement.query);
  const ObjectId table = execution.relation(qualified_name(*statement.relation)).id;
  for (const std::string& name : string_values(statement.n_attlist, statement.attlist)) {
    column_number(execution, table, name);
  }
  if (statement.is_from) return copy_from(execution, statement, table);
  copy_to(reader, table);
}

const Registered<StatementKind> kCopy{
    {.id = "CopyStmt", .node = PG_QUERY__NODE__NODE_COPY_STMT, .execute = execute_copy}};

}  // namespace
}  // namespace martlet
