// ALTER TABLE … ENABLE / DISABLE TRIGGER and RULE (trigger.c, EnableDisableTriggerNew; rewriteDefine.c,
// EnableDisableRule).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"

namespace martlet {
namespace {

enum class Which { named, user, all };

// A partitioned table's row triggers are fired by its partitions, which have them too.
void enable_in(const AlterStep& step, ObjectId table, std::string_view name, char state) {
  bool row = false;
  for (Trigger& each : step.alter.edit(table).triggers) {
    if (each.name != name) continue;
    each.enabled = state;
    row |= each.row;
  }
  const Relation& relation = step.alter.relation(table);
  if (!row || !step.recurse || relation.kind != RelationKind::partitioned_table) return;
  for (const ObjectId child : lock_children(step.execution(), table, step.alter.lock)) {
    enable_in(step, child, name, state);
  }
}

void enable_trigger(const AlterStep& step, char state, Which which) {
  const Relation& table = step.relation();
  std::vector<std::string> names;
  for (const Trigger& each : table.triggers) {
    const bool wanted = which == Which::named ? each.name == step.command.name : which == Which::all || !each.internal;
    if (wanted) names.push_back(each.name);
  }
  if (which == Which::named && names.empty() && !table.assumed) {
    step.fail("42704", fmt::format("trigger \"{}\" for table \"{}\" does not exist", step.command.name, table.name));
  }
  for (const std::string& name : names) enable_in(step, step.table, name, state);
}

template <char state, Which which>
void set_trigger(const AlterStep& step) {
  enable_trigger(step, state, which);
}

template <char state>
void set_rule(const AlterStep& step) {
  const Relation& table = step.relation();
  const std::string_view name = step.command.name;
  if (!table.assumed && std::ranges::count(table.rules, name, &Rule::name) == 0) {
    step.fail("42704", fmt::format("rule \"{}\" for relation \"{}\" does not exist", name, table.name));
  }
  for (Rule& each : step.edit().rules) {
    if (each.name == name) each.enabled = state;
  }
}

AlterAction trigger_action(std::string_view id, PgQuery__AlterTableType type, std::string_view words,
                           void (*execute)(const AlterStep& step)) {
  return {.id = id,
          .type = type,
          .words = words,
          .lock = LockMode::share_row_exclusive,
          .pass = AlterPass::miscellaneous,
          .targets = alter_target::table | alter_target::foreign_table,
          .execute = execute};
}

AlterAction rule_action(std::string_view id, PgQuery__AlterTableType type, std::string_view words,
                        void (*execute)(const AlterStep& step)) {
  return {.id = id,
          .type = type,
          .words = words,
          .lock = LockMode::access_exclusive,
          .pass = AlterPass::miscellaneous,
          .targets = alter_target::table,
          .execute = execute};
}

const Registered<AlterAction> kEnableTrigger{trigger_action("EnableTrig", PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig,
                                                            "ENABLE TRIGGER", set_trigger<'O', Which::named>)};
const Registered<AlterAction> kEnableAlwaysTrigger{
    trigger_action("EnableAlwaysTrig", PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig, "ENABLE ALWAYS TRIGGER",
                   set_trigger<'A', Which::named>)};
const Registered<AlterAction> kEnableReplicaTrigger{
    trigger_action("EnableReplicaTrig", PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig, "ENABLE REPLICA TRIGGER",
                   set_trigger<'R', Which::named>)};
const Registered<AlterAction> kDisableTrigger{trigger_action("DisableTrig", PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig,
                                                             "DISABLE TRIGGER", set_trigger<'D', Which::named>)};
const Registered<AlterAction> kEnableAll{trigger_action("EnableTrigAll", PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll,
                                                        "ENABLE TRIGGER ALL", set_trigger<'O', Which::all>)};
const Registered<AlterAction> kDisableAll{trigger_action("DisableTrigAll",
                                                         PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll,
                                                         "DISABLE TRIGGER ALL", set_trigger<'D', Which::all>)};
const Registered<AlterAction> kEnableUser{trigger_action("EnableTrigUser",
                                                         PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser,
                                                         "ENABLE TRIGGER USER", set_trigger<'O', Which::user>)};
const Registered<AlterAction> kDisableUser{trigger_action("DisableTrigUser",
                                                          PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser,
                                                          "DISABLE TRIGGER USER", set_trigger<'D', Which::user>)};
const Registered<AlterAction> kEnableRule{
    rule_action("EnableRule", PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRule, "ENABLE RULE", set_rule<'O'>)};
const Registered<AlterAction> kEnableAlwaysRule{rule_action(
    "EnableAlwaysRule", PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysRule, "ENABLE ALWAYS RULE", set_rule<'A'>)};
const Registered<AlterAction> kEnableReplicaRule{rule_action(
    "EnableReplicaRule", PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaRule, "ENABLE REPLICA RULE", set_rule<'R'>)};
const Registered<AlterAction> kDisableRule{
    rule_action("DisableRule", PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRule, "DISABLE RULE", set_rule<'D'>)};

}  // namespace
}  // namespace martlet
