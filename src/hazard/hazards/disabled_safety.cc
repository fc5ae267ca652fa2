#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"

namespace martlet {
namespace {

// `key` is what is off: "trigger audit", "autovacuum", "replica".
void say(const Case& at, const std::string& table, const std::string& key, const std::string& message,
         Findings& found) {
  HazardFinding& finding = found.add(at, message);
  finding.name = {table, key};
  if (!table.empty()) finding.relations = {table};
}

void put_back(Findings& found, const std::string& table, const std::string& key) {
  found.withdraw([&](const HazardFinding& each) {
    const bool same = each.name.name == key || (key == "trigger ALL" && each.name.name.starts_with("trigger "));
    return each.name.schema == table && same;
  });
}

std::string trigger_key(const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig:
      return fmt::format("trigger {}", command.name);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll:
      return "trigger ALL";
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser:
      return "trigger USER";
    default:
      return "";
  }
}

bool is_disable(const PgQuery__AlterTableCmd& command) {
  return command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig ||
         command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll ||
         command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser;
}

// The value that an option autovacuum_enabled is given; "" = not mentioned.
std::string autovacuum_value(const PgQuery__AlterTableCmd& command) {
  if (!command.def || command.def->node_case != PG_QUERY__NODE__NODE_LIST) return "";
  for (const Node* each : list(command.def->list->n_items, command.def->list->items)) {
    const PgQuery__DefElem& option = *each->def_elem;
    if (std::string_view(option.defname) != "autovacuum_enabled") continue;
    return option.arg ? lower(string_value(option.arg)) : "reset";
  }
  return "";
}

void look_at_options(const Case& at, const PgQuery__AlterTableCmd& command, const std::string& table, Findings& found) {
  const std::string value = autovacuum_value(command);
  if (value.empty()) return;
  const bool off =
      command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions && is_one_of(value, {"false", "off", "0", "no"});
  if (!off) return put_back(found, table, "autovacuum");
  say(at, table, "autovacuum", fmt::format("autovacuum is left off for {}", table), found);
}

void look_at_table(const Case& at, Findings& found) {
  const PgQuery__AlterTableStmt& alter = *at.node->alter_table_stmt;
  const std::string table = shown(*alter.relation);
  for (const Node* each : alter_commands(*at.node)) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    const std::string key = trigger_key(command);
    if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions ||
        command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions) {
      look_at_options(at, command, table, found);
    } else if (!key.empty() && is_disable(command)) {
      if (!is_live(at, alter.relation)) continue;
      say(at, table, key, fmt::format("{} of {} is left disabled", key, table), found);
    } else if (!key.empty()) {
      put_back(found, table, key);
    }
  }
}

void look_at_setting(const Case& at, Findings& found) {
  const PgQuery__VariableSetStmt& set = *at.node->variable_set_stmt;
  const bool resets_all = set.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL;
  if (!resets_all && std::string_view(set.name) != "session_replication_role") return;
  const bool off = set.n_args == 1 && string_constant(set.args[0]).value_or("") == "replica";
  if (!off) return put_back(found, "", "replica");
  if (!set.is_local)
    say(at, "", "replica", "triggers and foreign keys are left off for the rest of the session", found);
}

void check(const Case& at, Findings& found) {
  if (at.node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return look_at_table(at, found);
  look_at_setting(at, found);
}

const Registered<Hazard> kHazard{{
    .id = "disabled-safety",
    .severity = Hazard::Severity::warning,
    .summary = "a trigger or autovacuum is switched off and not on again",
    .why = "A disabled trigger, foreign keys' included, lets rows in that it was there to refuse or to record. Without "
           "autovacuum a table grows, its statistics grow old, and in the end transaction numbers run out.",
    .safe_form = "Switch it on again in the same file, or SET LOCAL session_replication_role, which ends with the "
                 "transaction.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT, PG_QUERY__NODE__NODE_VARIABLE_SET_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
