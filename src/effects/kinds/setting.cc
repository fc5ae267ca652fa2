// SET, RESET and DISCARD: what of the session decides later effects.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "effects/statement_kind.h"

namespace martlet {
namespace {

std::string constant_text(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return constant_text(*node.type_cast->arg);
  if (node.node_case != PG_QUERY__NODE__NODE_A_CONST) return std::string(string_value(&node));
  const PgQuery__AConst& constant = *node.a_const;
  switch (constant.val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      return std::to_string(constant.ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL:
      return constant.fval->fval;
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
      return constant.boolval->boolval ? "true" : "false";
    case PG_QUERY__A__CONST__VAL_SVAL:
      return constant.sval->sval;
    default:
      return "";
  }
}

void set_search_path(SessionState& session, const PgQuery__VariableSetStmt& statement) {
  session.search_path.clear();
  for (const Node* each : list(statement.n_args, statement.args)) {
    const std::string name = constant_text(*each);
    if (!name.empty()) session.search_path.push_back(name);
  }
}

void set_value(Execution& execution, const PgQuery__VariableSetStmt& statement) {
  SessionState& session = execution.session;
  const std::string name = lower(statement.name);
  if (name == "search_path") return set_search_path(session, statement);
  const std::string value = statement.n_args > 0 ? constant_text(*statement.args[0]) : "";
  if (name == "timezone") {
    // SET TIME ZONE DEFAULT and LOCAL have no value.
    session.time_zone = value;
  } else if (name == "role" || name == "session_authorization") {
    if (lower(value) != "none" && !value.empty()) session.user = value;
  } else {
    session.settings[name] = value;
  }
}

void reset(SessionState& session, const std::string& name) {
  const SessionState fresh;
  if (name == "search_path") session.search_path = fresh.search_path;
  if (name == "timezone") session.time_zone.clear();
  session.settings.erase(name);
}

void execute_set(Execution& execution, const Node& node) {
  const PgQuery__VariableSetStmt& statement = *node.variable_set_stmt;
  switch (statement.kind) {
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE:
      return set_value(execution, statement);
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT:
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET:
      return reset(execution.session, lower(statement.name));
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL:
      execution.session.search_path = SessionState().search_path;
      execution.session.time_zone.clear();
      return execution.session.settings.clear();
    default:
      return;
  }
}

const Registered<StatementKind> kSetting{
    {.id = "VariableSetStmt", .node = PG_QUERY__NODE__NODE_VARIABLE_SET_STMT, .execute = execute_set}};

}  // namespace
}  // namespace martlet
