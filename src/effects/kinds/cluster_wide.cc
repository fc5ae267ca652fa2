// Databases, tablespaces, subscriptions, ALTER SYSTEM: no relation of this database is touched, and most of it cannot
// be taken back (callers of PreventInTransactionBlock).
#include "base/registry.h"
#include "effects/statement_kind.h"
#include "effects/transactional.h"

namespace martlet {
namespace {

std::string_view words(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATEDB_STMT:
      return "CREATE DATABASE";
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
      return "DROP DATABASE";
    case PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT:
      return "CREATE TABLESPACE";
    case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
      return "DROP TABLESPACE";
    case PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT:
      return "ALTER SYSTEM";
    case PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT:
      return "CREATE SUBSCRIPTION ... WITH (create_slot = true)";
    case PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT:
      return "DROP SUBSCRIPTION";
    case PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT:
      return "ALTER SUBSCRIPTION ... REFRESH";
    default:
      return "ALTER DATABASE SET TABLESPACE";
  }
}

void execute_cluster_wide(Execution& execution, const Node& node) {
  // Some forms of some of these may stand in a transaction: the words of the statement tell which.
  if (transactionality(execution.statement, Dialect::postgres).transactional()) return;
  execution.refuse_in_transaction(words(node));
}

const Registered<StatementKind> kClusterWide{
    {.id = "CreatedbStmt",
     .node = PG_QUERY__NODE__NODE_CREATEDB_STMT,
     .execute = execute_cluster_wide,
     .also = {PG_QUERY__NODE__NODE_DROPDB_STMT, PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT,
              PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT, PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT,
              PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT, PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT,
              PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT, PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT}}};

}  // namespace
}  // namespace martlet
