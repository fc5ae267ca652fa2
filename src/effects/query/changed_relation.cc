#include <fmt/format.h>

#include <algorithm>

#include "effects/definition.h"
#include "effects/query/rules.h"
#include "effects/query/updatable_view.h"
#include "effects/routine_body.h"

namespace martlet {
namespace {

std::string_view words_of(RowChange change) {
  return change == RowChange::update ? "update" : change == RowChange::insert ? "insert into" : "delete from";
}

// CheckValidResultRel, and what cannot even be opened
void require_rows(const Execution& execution, const Relation& relation) {
  switch (relation.kind) {
    case RelationKind::index:
    case RelationKind::partitioned_index:
      execution.fail("42809", fmt::format("\"{}\" is an index", relation.name));
    case RelationKind::composite_type:
      execution.fail("42809", fmt::format("\"{}\" is a composite type", relation.name));
    case RelationKind::sequence:
    case RelationKind::materialized_view:
      execution.fail("42809", fmt::format("cannot change {} \"{}\"", kind_word(relation.kind), relation.name));
    default:
      return;
  }
}

bool fires_instead(const Trigger& trigger, RowChange change) {
  if (!trigger.instead_of || trigger.enabled == 'D' || trigger.enabled == 'R') return false;
  return change == RowChange::insert   ? trigger.on_insert
         : change == RowChange::update ? trigger.on_update
                                       : trigger.on_delete;
}

// False where the view has no INSTEAD OF trigger.
bool run_instead_triggers(QueryReader& reader, const Relation& view, RowChange change) {
  const std::vector<Trigger> triggers = view.triggers;
  bool found = false;
  for (const Trigger& each : triggers) {
    if (!fires_instead(each, change)) continue;
    found = true;
    if (reader.runs()) run_function(reader.execution, each.function);
  }
  if (found && change != RowChange::insert) reader.read_relation(view.id, QueryReading::whole);
  return found;
}

void follow_view(Execution& execution, const Relation& relation, RowChange change, ChangedRelation& changed) {
  const UpdatableView view = updatable_view(execution, relation);
  if (!view.known) {
    execution.not_known(fmt::format("whether rows of the view {} can be changed", relation.name));
    changed.relation = 0;
    return;
  }
  if (!view.base) execution.fail("55000", fmt::format("cannot {} view \"{}\"", words_of(change), relation.name));
  for (int& column : changed.columns) {
    const auto below = view.columns.find(column);
    if (below == view.columns.end()) {
      execution.fail("0A000", fmt::format("cannot {} column \"{}\" of view \"{}\"", words_of(change),
                                          relation.column(column)->name, relation.name));
    }
    column = below->second;
  }
  changed.relation = view.base;
}

}  // namespace

ChangedRelation changed_relation(QueryReader& reader, ObjectId named, RowChange change, std::vector<int> columns,
                                 bool returning) {
  Execution& execution = reader.execution;
  ChangedRelation changed{.relation = named, .columns = std::move(columns)};
  reader.use(named, changed.columns);
  if (reader.until == Until::analysed) {
    execution.lock(named, LockMode::row_exclusive);
    require_rows(execution, *execution.catalog.relations.get(named));
    return changed;
  }
  while (changed.relation) {
    execution.lock(changed.relation, LockMode::row_exclusive);
    require_rows(execution, *execution.catalog.relations.get(changed.relation));
    if (apply_rules(reader, changed.relation, change, returning) == Ruled::replaced) return {};
    const Relation& relation = *execution.catalog.relations.get(changed.relation);
    if (relation.kind != RelationKind::view) return changed;
    if (run_instead_triggers(reader, relation, change)) return {};
    follow_view(execution, relation, change, changed);
  }
  return changed;
}

}  // namespace martlet
