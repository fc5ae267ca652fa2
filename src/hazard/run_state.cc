#include "hazard/run_state.h"

#include <algorithm>

namespace martlet {
namespace {

bool writes_rows(const Node* node) {
  switch (node ? node->node_case : PG_QUERY__NODE__NODE__NOT_SET) {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
    case PG_QUERY__NODE__NODE_COPY_STMT:
    case PG_QUERY__NODE__NODE_SELECT_STMT:  // WITH … AS (UPDATE …)
      return true;
    default:
      return false;
  }
}

void note_constraints(RunState& state, const Relation& now, const Relation* before) {
  for (const Constraint& each : now.constraints) {
    if (each.validated) continue;
    const bool old = before && std::ranges::count(before->constraints, each.id, &Constraint::id) > 0;
    if (!old) state.not_validated.insert(each.id);
  }
}

void note_changes(RunState& state, const Catalog& catalog, const CatalogMark& mark) {
  catalog.relations.each_changed(mark.relations, [&](ObjectId id, const Relation* before) {
    const Relation* now = catalog.relations.get(id);
    if (!before && now) {
      state.created_in_run.insert(id);
      state.created_in_transaction.insert(id);
    } else if (before && !state.created_in_run.contains(id)) {
      state.changed_schema = true;
    }
    if (now) note_constraints(state, *now, before);
  });
}

}  // namespace

void forget_transaction(RunState& state) {
  state.created_in_transaction.clear();
  state.exclusively_locked.clear();
  state.not_validated.clear();
  state.wrote_rows = false;
  state.changed_schema = false;
}

void take_note(RunState& state, const Node* node, const Effects& effects, const Catalog& catalog,
               const CatalogMark& mark, const SessionState& session) {
  note_changes(state, catalog, mark);
  for (const RelationEffect& each : effects.relations) {
    if (state.created_in_run.contains(each.id)) continue;
    if (each.strongest() == LockMode::access_exclusive) state.exclusively_locked.insert(each.id);
    if (writes_rows(node) && std::ranges::count(each.locks, LockMode::row_exclusive) > 0) state.wrote_rows = true;
  }
  const auto timeout = session.settings.find("lock_timeout");
  state.lock_timeout_set = timeout != session.settings.end() && timeout->second != "0";
}

}  // namespace martlet
