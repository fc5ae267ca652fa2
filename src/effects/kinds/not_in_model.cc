// Statements whose effects only the server knows.
#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

std::string_view reason(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_EXECUTE_STMT:
      return "what a prepared statement does was said when it was prepared";
    case PG_QUERY__NODE__NODE_FETCH_STMT:
      return "how much a cursor reads was said when it was declared";
    case PG_QUERY__NODE__NODE_IMPORT_FOREIGN_SCHEMA_STMT:
      return "which tables another server has is not in the model";
    case PG_QUERY__NODE__NODE_ALTER_TABLE_MOVE_ALL_STMT:
      return "moving all tables of a tablespace is not in the model";
    case PG_QUERY__NODE__NODE_DROP_OWNED_STMT:
    case PG_QUERY__NODE__NODE_REASSIGN_OWNED_STMT:
      return "what a role owns or was granted is not wholly in the model";
    default:
      return "it is not a statement of its own";
  }
}

void execute_not_in_model(Execution& execution, const Node& node) {
  execution.not_known(std::string(reason(node)));
}

const Registered<StatementKind> kNotInModel{
    {.id = "ExecuteStmt",
     .node = PG_QUERY__NODE__NODE_EXECUTE_STMT,
     .execute = execute_not_in_model,
     .also = {PG_QUERY__NODE__NODE_FETCH_STMT, PG_QUERY__NODE__NODE_IMPORT_FOREIGN_SCHEMA_STMT,
              PG_QUERY__NODE__NODE_ALTER_TABLE_MOVE_ALL_STMT, PG_QUERY__NODE__NODE_DROP_OWNED_STMT,
              PG_QUERY__NODE__NODE_REASSIGN_OWNED_STMT, PG_QUERY__NODE__NODE_RAW_STMT, PG_QUERY__NODE__NODE_RETURN_STMT,
              PG_QUERY__NODE__NODE_PLASSIGN_STMT, PG_QUERY__NODE__NODE_SET_OPERATION_STMT,
              PG_QUERY__NODE__NODE_REPLICA_IDENTITY_STMT}}};

}  // namespace
}  // namespace martlet
