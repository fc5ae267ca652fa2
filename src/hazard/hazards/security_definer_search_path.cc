#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

struct Options {
  bool definer = false, sets_path = false, resets_path = false;
};

Options read_options(std::span<Node* const> options) {
  Options read;
  for (const Node* each : options) {
    const PgQuery__DefElem& option = *each->def_elem;
    const std::string_view name = option.defname;
    if (name == "security" && option.arg && option.arg->node_case == PG_QUERY__NODE__NODE_BOOLEAN) {
      read.definer = option.arg->boolean->boolval;
    }
    if (name != "set" || !option.arg || option.arg->node_case != PG_QUERY__NODE__NODE_VARIABLE_SET_STMT) continue;
    const PgQuery__VariableSetStmt& set = *option.arg->variable_set_stmt;
    if (std::string_view(set.name) != "search_path") continue;
    const bool sets = set.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE ||
                      set.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_CURRENT;
    (sets ? read.sets_path : read.resets_path) = true;
  }
  return read;
}

void say(const Case& at, const QualifiedName& name, Findings& found) {
  HazardFinding& finding = found.add(
      at, fmt::format("{} runs with its owner's rights on tables and functions that its caller's search_path chooses",
                      name.text()));
  finding.name = name;
}

void look_at_change(const Case& at, Findings& found) {
  const PgQuery__AlterFunctionStmt& alter = *at.node->alter_function_stmt;
  const QualifiedName name = qualified_name(alter.func->n_objname, alter.func->objname);
  const Options options = read_options(list(alter.n_actions, alter.actions));
  if (options.sets_path) {
    return found.withdraw([&](const HazardFinding& each) { return each.name == name; });
  }
  const Function* function = find_function(at.catalog, at.session, name);
  const bool had_path = function && function->sets_search_path;
  const bool is_definer = function && function->security_definer;
  if ((options.definer && !had_path) || (options.resets_path && is_definer)) say(at, name, found);
}

void check(const Case& at, Findings& found) {
  if (at.node->node_case == PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT) return look_at_change(at, found);
  const PgQuery__CreateFunctionStmt& create = *at.node->create_function_stmt;
  const Options options = read_options(list(create.n_options, create.options));
  // The names in a body of the SQL standard are looked up once, when the function is created.
  if (!options.definer || options.sets_path || create.sql_body) return;
  say(at, qualified_name(create.n_funcname, create.funcname), found);
}

const Registered<Hazard> kHazard{{
    .id = "security-definer-search-path",
    .severity = Hazard::Severity::warning,
    .summary = "SECURITY DEFINER without a search_path of its own",
    .why =
        "Whoever may call it can put a schema of theirs in front, with a table, a function or an operator of the same "
        "name, and have it run with the rights of the function's owner.",
    .safe_form =
        "Add SET search_path = pg_catalog, pg_temp (and the schemas it needs before pg_temp), and write schemas in "
        "the body.",
    .on = {PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT, PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
