#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

const Constraint* primary_key(const Relation* table) {
  if (!table) return nullptr;
  const auto at = std::ranges::find(table->constraints, Constraint::Kind::primary_key, &Constraint::kind);
  return at == table->constraints.end() ? nullptr : &*at;
}

bool drops_key(const PgQuery__AlterTableCmd& command, const Relation* table, const std::string& default_name) {
  const Constraint* key = primary_key(table);
  if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint) {
    return key ? key->name == command.name : (!table || table->assumed) && default_name == command.name;
  }
  if (command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn || !key) return false;
  const Column* column = table->column(std::string_view(command.name));
  return column && std::ranges::count(key->columns, column->number) > 0;
}

bool adds_key(const Node& node) {
  return std::ranges::any_of(alter_commands(node), [](const Node* each) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    return command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint && command.def &&
           command.def->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  });
}

void check(const Case& at, Findings& found) {
  const PgQuery__AlterTableStmt& alter = *at.node->alter_table_stmt;
  if (!is_live(at, alter.relation) || adds_key(*at.node)) return;
  const Relation* table = at.relation(alter.relation);
  const std::string name = shown(*alter.relation);
  for (const Node* each : alter_commands(*at.node)) {
    if (!drops_key(*each->alter_table_cmd, table, std::string(alter.relation->relname) + "_pkey")) continue;
    HazardFinding& finding = found.add(at, fmt::format("{} is left without a primary key", name));
    finding.relations = {name};
    if (table) finding.object = table->id;
    return;
  }
}

void finish(const Catalog& catalog, const RunState&, Findings& found) {
  found.withdraw([&](const HazardFinding& each) { return primary_key(catalog.relations.get(each.object)) != nullptr; });
}

const Registered<Hazard> kHazard{{
    .id = "drop-primary-key",
    .severity = Hazard::Severity::error,
    .summary = "the primary key of a table in use is dropped",
    .why =
        "Duplicates and nulls get in from then on, foreign keys to it go or refuse, ON CONFLICT on the key fails, and "
        "logical replication of UPDATE and DELETE stops for want of a replica identity.",
    .safe_form =
        "Build a unique index for the new key CONCURRENTLY, then DROP CONSTRAINT and ADD PRIMARY KEY USING INDEX "
        "in one ALTER TABLE.",
    .on = {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .finish = finish,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
