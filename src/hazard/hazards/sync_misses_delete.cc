#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"
#include "hazard/sync_function.h"

namespace martlet {
namespace {

// Does it keep a copy of the row there: an upsert of it, or INSERT as well as UPDATE? A log only inserts.
bool is_mirror(const SyncFunction& function, const QualifiedName& table) {
  const auto writes = [&](RowWrite::Kind kind) {
    return std::ranges::any_of(function.writes, [&](const RowWrite& write) {
      return write.table == table && write.kind == kind && write.from_new_row;
    });
  };
  const bool upserts = std::ranges::any_of(function.writes, [&](const RowWrite& write) {
    return write.table == table && write.upserts && write.from_new_row;
  });
  return upserts || (writes(RowWrite::Kind::insert) && writes(RowWrite::Kind::update));
}

void check(const Case& at, Findings& found) {
  const PgQuery__CreateTrigStmt& create = *at.node->create_trig_stmt;
  const Relation* table = find_relation(at.catalog, at.session, qualified_name(*create.relation));
  if (!table) return;
  const SyncFunction function = read_sync_function(trigger_function(at.catalog, at.session, create));
  for (const RowWrite& write : function.writes) {
    if (is_named(*table, write.table) || write.kind != RowWrite::Kind::insert) continue;
    if (!is_mirror(function, write.table)) continue;
    const std::string name = shown(*create.relation);
    HazardFinding& finding =
        found.add(at, fmt::format("rows that are deleted from {} stay in {}", name, write.table.text()));
    finding.relations = {name, write.table.text()};
    finding.object = table->id;
    finding.name = write.table;
    return;
  }
}

// Takes a trigger of the table deleted rows out of its copy, or marks them there?
bool follows_deletes(const Catalog& catalog, const Relation& table, const QualifiedName& copy) {
  return std::ranges::any_of(table.triggers, [&](const Trigger& trigger) {
    if (!trigger.on_delete) return false;
    const SyncFunction function = read_sync_function(catalog.functions.get(trigger.function));
    return std::ranges::any_of(function.writes, [&](const RowWrite& write) {
      return write.table == copy && write.kind == RowWrite::Kind::remove;
    });
  });
}

void finish(const Catalog& catalog, const RunState&, Findings& found) {
  found.withdraw([&](const HazardFinding& each) {
    const Relation* table = catalog.relations.get(each.object);
    return !table || follows_deletes(catalog, *table, each.name);
  });
}

const Registered<Hazard> kHazard{{
    .id = "sync-misses-delete",
    .severity = Hazard::Severity::error,
    .summary = "a trigger that keeps a copy of a table, but not what is deleted",
    .why = "Rows that the application deletes live on in the copy, and come back when it takes the table's place.",
    .safe_form =
        "Let the trigger fire on DELETE as well, and take the row out of the copy; TRUNCATE needs one of its own.",
    .on = {PG_QUERY__NODE__NODE_CREATE_TRIG_STMT},
    .check = check,
    .finish = finish,
}};

}  // namespace
}  // namespace martlet
