// SET and RESET: what of the session decides later effects.
#include <fmt/format.h>

#include <algorithm>
#include <array>

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

// Names that pg_settings does not show, and two that servers still take for what they became (guc.c,
// map_old_guc_names).
constexpr std::array<std::string_view, 9> kNotShown{"role",
                                                    "session_authorization",
                                                    "seed",
                                                    "transaction_deferrable",
                                                    "default_with_oids",
                                                    "ssl_renegotiation_limit",
                                                    "is_superuser",
                                                    "sort_mem",
                                                    "vacuum_mem"};

// With a dot in it a name is an extension's, and may be anything.
void require_known(const Execution& execution, const std::string& name) {
  const auto& known = execution.catalog.server.settings;
  if (known.empty() || known.contains(name) || name.find('.') != std::string::npos) return;
  if (std::ranges::find(kNotShown, name) != kNotShown.end()) return;
  execution.fail("42704", fmt::format("unrecognized configuration parameter \"{}\"", name));
}

void set_value(Execution& execution, const PgQuery__VariableSetStmt& statement) {
  const std::string name = lower(statement.name);
  require_known(execution, name);
  if (name != "search_path") {
    return execution.session.set(name, statement.n_args > 0 ? constant_text(*statement.args[0]) : "");
  }
  execution.session.search_path.clear();
  for (const Node* each : list(statement.n_args, statement.args)) {
    const std::string schema = constant_text(*each);
    if (!schema.empty()) execution.session.search_path.push_back(schema);
  }
}

void reset_value(Execution& execution, const std::string& name) {
  require_known(execution, name);
  execution.session.reset(name);
}

void execute_set(Execution& execution, const Node& node) {
  const PgQuery__VariableSetStmt& statement = *node.variable_set_stmt;
  switch (statement.kind) {
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE:
      return set_value(execution, statement);
    case PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT:
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET:
      return reset_value(execution, lower(statement.name));
    case PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL:
      return execution.session.reset_all();
    default:
      return;
  }
}

const Registered<StatementKind> kSetting{
    {.id = "VariableSetStmt", .node = PG_QUERY__NODE__NODE_VARIABLE_SET_STMT, .execute = execute_set}};

}  // namespace
}  // namespace martlet
