// Statements that lock no relation of users and change nothing the model knows.
#include "base/registry.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

void execute_nothing(Execution& /*execution*/, const Node& /*node*/) {}

const Registered<StatementKind> kNothing{{.id = "NotifyStmt",
                                          .node = PG_QUERY__NODE__NODE_NOTIFY_STMT,
                                          .execute = execute_nothing,
                                          .also = {PG_QUERY__NODE__NODE_LISTEN_STMT,
                                                   PG_QUERY__NODE__NODE_UNLISTEN_STMT,
                                                   PG_QUERY__NODE__NODE_LOAD_STMT,
                                                   PG_QUERY__NODE__NODE_CHECK_POINT_STMT,
                                                   PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT,
                                                   PG_QUERY__NODE__NODE_CLOSE_PORTAL_STMT,
                                                   PG_QUERY__NODE__NODE_GRANT_ROLE_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_DEFAULT_PRIVILEGES_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_ROLE_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_ROLE_SET_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_DATABASE_SET_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_DATABASE_REFRESH_COLL_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_TABLE_SPACE_OPTIONS_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_COLLATION_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_OPERATOR_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_TSDICTIONARY_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_TSCONFIGURATION_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_EVENT_TRIG_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_FDW_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_FOREIGN_SERVER_STMT,
                                                   PG_QUERY__NODE__NODE_CREATE_USER_MAPPING_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_USER_MAPPING_STMT,
                                                   PG_QUERY__NODE__NODE_DROP_USER_MAPPING_STMT,
                                                   PG_QUERY__NODE__NODE_CREATE_OP_CLASS_STMT,
                                                   PG_QUERY__NODE__NODE_CREATE_OP_FAMILY_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_OP_FAMILY_STMT,
                                                   PG_QUERY__NODE__NODE_CREATE_TRANSFORM_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_STATS_STMT,
                                                   PG_QUERY__NODE__NODE_ALTER_TYPE_STMT}}};

}  // namespace
}  // namespace martlet
