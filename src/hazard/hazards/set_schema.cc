#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__AlterObjectSchemaStmt& move = *at.node->alter_object_schema_stmt;
  if (!move.relation || !is_live(at, move.relation)) return;
  const Relation* relation = at.relation(move.relation);
  if (relation && (relation->is_index() || relation->schema == move.newschema)) return;
  const std::string name = shown(*move.relation);
  HazardFinding& finding =
      found.add(at, fmt::format("running code that names {} fails, unless its search_path has the schema {}", name,
                                QualifiedName{"", move.newschema}.text()));
  finding.relations = {name};
  finding.name = {relation ? relation->schema : "public", move.relation->relname};
  found.offer(finding, at, relation);
}

void finish(const Catalog& catalog, const RunState&, Findings& found) {
  found.withdraw(
      [&](const HazardFinding& each) { return catalog.relations.find(each.name.schema, each.name.name) != nullptr; });
}

const Registered<Hazard> kHazard{{
    .id = "set-schema",
    .severity = Hazard::Severity::error,
    .summary = "a table in use moves to another schema",
    .why = "To code that names it with its schema, or whose search_path lacks the new one, the table is gone (42P01). "
           "ACCESS EXCLUSIVE is held on it and on its sequences.",
    .safe_form =
        "Create a view of the old name in the old schema in the same transaction, move the code over, and drop "
        "the view in the contract part.",
    .recipe = "rename-table",
    .on = {PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT},
    .check = check,
    .finish = finish,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
