#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__AlterTableStmt& alter = *at.node->alter_table_stmt;
  if (at.is_contract || alter.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE || !is_live(at, alter.relation)) return;
  const Relation* table = at.relation(alter.relation);
  for (const Node* each : alter_commands(*at.node)) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    if (command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn) continue;
    const bool was_there = !table || table->assumed || table->column(std::string_view(command.name));
    if (!was_there || std::string_view(command.name).ends_with("_deprecated")) continue;
    const std::string name = shown(*alter.relation);
    HazardFinding& finding =
        found.add(at, fmt::format("the values of {}.{} are gone at once, and running code that names it fails", name,
                                  QualifiedName{"", command.name}.text()));
    finding.relations = {name};
    found.offer(finding, at, table, &command);
  }
}

const Registered<Hazard> kHazard{{
    .id = "drop-column",
    .severity = Hazard::Severity::error,
    .summary = "DROP COLUMN while old code may still use it",
    .why =
        "The values can only be had back from a backup. Code that names the column fails with 42703 from that moment "
        "on; code that caches its columns (SELECT * in prepared statements, most object mappers) fails as well.",
    .safe_form = "Deploy code that does not use the column first, then drop it in the contract part (-- "
                 "martlet:contract), which runs when no old code is left.",
    .recipe = "drop-column",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
