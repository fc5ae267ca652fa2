#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

void look_at_table(const Case& at, Findings& found) {
  for (const Node* each : alter_commands(*at.node)) {
    if (each->alter_table_cmd->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity) continue;
    const Relation* table = at.relation(at.node->alter_table_stmt->relation);
    if (!table || table->assumed) continue;
    const std::string name = shown(*at.node->alter_table_stmt->relation);
    HazardFinding& finding =
        found.add(at, fmt::format("{} has no policy: nobody but its owner sees or writes a row", name));
    finding.relations = {name};
    finding.object = table->id;
  }
}

void look_at_policy(const Case& at, Findings& found) {
  const PgQuery__CreatePolicyStmt& create = *at.node->create_policy_stmt;
  const Relation* table = at.relation(create.table);
  if (!table || table->assumed) return;
  const std::string name = shown(*create.table);
  HazardFinding& finding = found.add(
      at, fmt::format("the policy {} does nothing: row level security of {} is off", create.policy_name, name));
  finding.relations = {name};
  finding.object = table->id;
}

void check(const Case& at, Findings& found) {
  if (at.node->node_case == PG_QUERY__NODE__NODE_CREATE_POLICY_STMT) return look_at_policy(at, found);
  look_at_table(at, found);
}

// Both halves there, or neither.
void finish(const Catalog& catalog, const RunState&, Findings& found) {
  found.withdraw([&](const HazardFinding& each) {
    const Relation* table = catalog.relations.get(each.object);
    return !table || table->row_security == !table->policies.empty();
  });
}

const Registered<Hazard> kHazard{{
    .id = "rls-without-policy",
    .severity = Hazard::Severity::warning,
    .summary = "row level security without a policy, or a policy without row level security",
    .why = "Enabled without a policy it hides every row from all but the owner, without an error. A policy on a table "
           "where "
           "it is not enabled protects nothing, without an error either.",
    .safe_form = "Create the policies and enable row level security in the same file.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT, PG_QUERY__NODE__NODE_CREATE_POLICY_STMT},
    .check = check,
    .finish = finish,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
