#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool is_table_like(const Relation* relation, PgQuery__ObjectType type) {
  if (relation && (relation->is_index() || relation->kind == RelationKind::sequence)) return false;
  return type == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE || type == PG_QUERY__OBJECT_TYPE__OBJECT_VIEW ||
         type == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW || type == PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE;
}

void check(const Case& at, Findings& found) {
  const PgQuery__RenameStmt& rename = *at.node->rename_stmt;
  const Relation* table = at.relation(rename.relation);
  if (!rename.relation || !is_table_like(table, rename.rename_type) || !is_live(at, rename.relation)) return;
  if (std::string_view(rename.newname).ends_with("_deprecated")) return;
  const std::string name = shown(*rename.relation);
  HazardFinding& finding =
      found.add(at, fmt::format("running code that names {} fails, and code that names {} fails until then", name,
                                QualifiedName{"", rename.newname}.text()));
  finding.relations = {name};
  finding.name = {table ? table->schema : "public", rename.relation->relname};
  found.offer(finding, at, table);
}

// A view or another table that takes the old name in the same part keeps old code running.
void finish(const Catalog& catalog, const RunState&, Findings& found) {
  found.withdraw(
      [&](const HazardFinding& each) { return catalog.relations.find(each.name.schema, each.name.name) != nullptr; });
}

const Registered<Hazard> kHazard{{
    .id = "rename-table",
    .severity = Hazard::Severity::error,
    .summary = "a table in use is renamed",
    .why =
        "There is no moment at which both the old and the new code work: one of them names a table that does not exist "
        "(42P01). Functions and applications do not follow the rename.",
    .safe_form = "Rename it and create a view of the old name in the same transaction: simple views can be read and "
                 "written like the table. Drop the view in the contract part, when all code uses the new name.",
    .recipe = "rename-table",
    .on = {PG_QUERY__NODE__NODE_RENAME_STMT},
    .check = check,
    .finish = finish,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
