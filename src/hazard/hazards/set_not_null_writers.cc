#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool gets_a_value(const Column& column) {
  return !column.default_sql.empty() || column.identity != Column::Identity::none || column.generated;
}

void check(const Case& at, Findings& found) {
  if (at.is_contract || !is_live(at, at.node->alter_table_stmt->relation)) return;
  const Relation* before = at.relation(at.node->alter_table_stmt->relation);
  const Relation* now = before ? at.catalog.relations.get(before->id) : nullptr;
  for (const Node* each : alter_commands(*at.node)) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    const bool sets_not_null = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull;
    const bool drops_default = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault && !command.def;
    if (!sets_not_null && !drops_default) continue;
    const Column* old_column = before ? before->column(std::string_view(command.name)) : nullptr;
    const Column* column = now ? now->column(std::string_view(command.name)) : nullptr;
    if (sets_not_null && ((old_column && old_column->not_null) || (column && gets_a_value(*column)))) continue;
    if (drops_default && (!column || !column->not_null || !old_column || old_column->default_sql.empty())) continue;
    const std::string name = shown(*at.node->alter_table_stmt->relation);
    found
        .add(at, fmt::format("INSERTs of running code that leave {} of {} out fail from then on",
                             QualifiedName{"", command.name}.text(), name))
        .relations = {name};
  }
}

const Registered<Hazard> kHazard{{
    .id = "set-not-null-writers",
    .severity = Hazard::Severity::warning,
    .summary = "a column becomes one that INSERT must give a value",
    .why =
        "Code that was written when the column could be left out still leaves it out: its INSERTs fail with 23502 as "
        "soon as the column is NOT NULL without a default.",
    .safe_form =
        "Give the column a default, or do it in the contract part, which runs when all code writes the column.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
