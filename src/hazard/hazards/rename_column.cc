#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool is_table_like(PgQuery__ObjectType type) {
  return type == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE || type == PG_QUERY__OBJECT_TYPE__OBJECT_VIEW ||
         type == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW || type == PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE;
}

// Was the column made by this run? Then nobody uses it under either name.
bool is_unused(const Case& at, const Relation* table, std::string_view column_name) {
  const Column* column = table ? table->column(column_name) : nullptr;
  return column && at.state.unfilled.contains({table->id, column->number});
}

void check(const Case& at, Findings& found) {
  const PgQuery__RenameStmt& rename = *at.node->rename_stmt;
  if (rename.rename_type != PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN || !is_table_like(rename.relation_type)) return;
  if (!is_live(at, rename.relation) || std::string_view(rename.newname).ends_with("_deprecated")) return;
  const Relation* table = at.relation(rename.relation);
  if (is_unused(at, table, rename.subname)) return;
  const std::string name = shown(*rename.relation);
  HazardFinding& finding =
      found.add(at, fmt::format("running code that names {}.{} fails, and code that names {} fails until then", name,
                                QualifiedName{"", rename.subname}.text(), QualifiedName{"", rename.newname}.text()));
  finding.relations = {name};
  found.offer(finding, at, table);
}

const Registered<Hazard> kHazard{{
    .id = "rename-column",
    .severity = Hazard::Severity::error,
    .summary = "a column of a table in use is renamed",
    .why = "There is no moment at which both the old and the new code work: one of them names a column that does not "
           "exist (42703). Views follow the rename, functions and applications do not.",
    .safe_form =
        "Add the new column, keep both in step with a trigger, fill it in batches, move the code over, and drop "
        "the old one in the contract part.",
    .recipe = "rename-column",
    .on = {PG_QUERY__NODE__NODE_RENAME_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
