#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/impact.h"

namespace martlet {
namespace {

bool is_switch(const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity:
      return true;
    default:
      return false;
  }
}

bool concerns_triggers(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
    for (const Node* each : alter_commands(node)) {
      if (is_switch(*each->alter_table_cmd)) return true;
    }
    return false;
  }
  if (node.node_case != PG_QUERY__NODE__NODE_DROP_STMT) return true;
  const PgQuery__ObjectType type = node.drop_stmt->remove_type;
  return type == PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER || type == PG_QUERY__OBJECT_TYPE__OBJECT_POLICY ||
         type == PG_QUERY__OBJECT_TYPE__OBJECT_RULE;
}

void check(const Case& at, Findings& found) {
  if (!concerns_triggers(*at.node)) return;
  for (const RelationEffect& each : at.effects.relations) {
    const Relation* table = at.before.relation(each.id);
    if (!blocks_writes(each.strongest()) || at.is_new(each.id) || each.kind == RelationKind::index) continue;
    HazardFinding& finding =
        found.add(at, fmt::format("{} is locked {}: the statement queues behind running transactions, and {} behind it",
                                  table ? sized(at, *table) : each.name, lock_words(each.strongest()),
                                  blocks_reads(each.strongest()) ? "everybody else" : "every other writer"));
    finding.relations = {each.name};
    return;
  }
}

const Registered<Hazard> kHazard{{
    .id = "trigger-ddl",
    .severity = Hazard::Severity::warning,
    .summary = "Triggers, policies, rules or row security of a table in use",
    .why = "CREATE TRIGGER and ENABLE or DISABLE TRIGGER lock the table SHARE ROW EXCLUSIVE, DROP TRIGGER, "
           "policies, rules and row security ACCESS EXCLUSIVE: only for a moment, but the statement queues "
           "behind running transactions, and others behind it. What it switches changes every write from then "
           "on.",
    .safe_form = "With a short lock_timeout, in a migration of its own.",
    .on = {PG_QUERY__NODE__NODE_CREATE_TRIG_STMT, PG_QUERY__NODE__NODE_DROP_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT,
           PG_QUERY__NODE__NODE_CREATE_POLICY_STMT, PG_QUERY__NODE__NODE_ALTER_POLICY_STMT,
           PG_QUERY__NODE__NODE_RULE_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
