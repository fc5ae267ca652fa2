#include "sql/written_table.h"

namespace martlet {

const PgQuery__RangeVar* written_table(const Node& statement) {
  switch (statement.node_case) {
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return statement.update_stmt->relation;
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return statement.delete_stmt->relation;
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      return statement.insert_stmt->relation;
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return statement.merge_stmt->relation;
    default:
      return nullptr;
  }
}

}  // namespace martlet
