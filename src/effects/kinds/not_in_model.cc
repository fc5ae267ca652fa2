// Statements whose effects only the server knows.
#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

std::string_view reason(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_FETCH_STMT:
      return "how much a cursor reads was said when it was declared";
    case PG_QUERY__NODE__NODE_ALTER_TABLE_MOVE_ALL_STMT:
      return "moving all tables of a tablespace is not in the model";
    default:
      return "it is not a statement of its own";
  }
}

void execute_not_in_model(Execution& execution, const Node& node) {
  execution.not_known(std::string(reason(node)));
}

const Registered<StatementKind> kNotInModel{
    {.id = "FetchStmt",
     .node = PG_QUERY__NODE__NODE_FETCH_STMT,
     .execute = execute_not_in_model,
     .also = {PG_QUERY__NODE__NODE_ALTER_TABLE_MOVE_ALL_STMT, PG_QUERY__NODE__NODE_RAW_STMT,
              PG_QUERY__NODE__NODE_RETURN_STMT, PG_QUERY__NODE__NODE_PLASSIGN_STMT,
              PG_QUERY__NODE__NODE_SET_OPERATION_STMT, PG_QUERY__NODE__NODE_REPLICA_IDENTITY_STMT}}};

}  // namespace
}  // namespace martlet
