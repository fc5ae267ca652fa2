#include "hazard/run_state.h"

#include <algorithm>

#include "hazard/look.h"

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

void note_columns(RunState& state, const Relation& now, const Relation* before) {
  for (const Column& each : now.columns) {
    const bool filled = !each.default_sql.empty() || each.generated || each.identity != Column::Identity::none;
    if (!filled && (!before || !before->column(each.number))) state.unfilled.emplace(now.id, each.number);
  }
}

void note_changes(RunState& state, const Catalog& catalog, const CatalogMark& mark) {
  catalog.relations.each_changed(mark.relations, [&](ObjectId id, const Relation* before) {
    const Relation* now = catalog.relations.get(id);
    if (!before && now && !now->assumed) {
      state.created_in_run.insert(id);
      state.created_in_transaction.insert(id);
    } else if (before && !state.created_in_run.contains(id)) {
      state.changed_schema = true;
      if (before->is_heap() || before->is_partitioned()) state.changed_tables.insert(id);
    }
    if (now) note_constraints(state, *now, before);
    if (now && !state.created_in_run.contains(id)) note_columns(state, *now, before);
  });
  catalog.types.each_changed(mark.types, [&](ObjectId id, const Type* before) {
    const Type* now = catalog.types.get(id);
    if (before || !now || (now->kind != Type::Kind::enumeration && now->kind != Type::Kind::domain)) return;
    state.created_in_run.insert(id);
    state.created_in_transaction.insert(id);
  });
}

void note_filled(RunState& state, const PgQuery__UpdateStmt& update, const Catalog& catalog,
                 const SessionState& session) {
  const Relation* table = find_relation(catalog, session, qualified_name(*update.relation));
  if (!table || state.unfilled.empty()) return;
  for (const Node* each : list(update.n_target_list, update.target_list)) {
    if (const Column* set = table->column(each->res_target->name)) state.unfilled.erase({table->id, set->number});
  }
}

void note_enum_label(RunState& state, const PgQuery__AlterEnumStmt& change, const Catalog& catalog,
                     const SessionState& session) {
  if (*change.old_val) return;
  const Type* type = find_type(catalog, session, qualified_name(change.n_type_name, change.type_name));
  if (!type || !state.created_in_transaction.contains(type->id)) state.enum_labels.emplace_back(change.new_val);
}

void note_node(RunState& state, const Node& node, const Catalog& catalog, const SessionState& session) {
  if (node.node_case == PG_QUERY__NODE__NODE_UPDATE_STMT) note_filled(state, *node.update_stmt, catalog, session);
  if (node.node_case == PG_QUERY__NODE__NODE_ALTER_ENUM_STMT) {
    note_enum_label(state, *node.alter_enum_stmt, catalog, session);
  }
  if (std::optional<TableCopy> copy = table_copy(node)) state.copies.push_back(std::move(*copy));
}

}  // namespace

void forget_transaction(RunState& state) {
  state.created_in_transaction.clear();
  state.exclusively_locked.clear();
  state.not_validated.clear();
  state.enum_labels.clear();
  state.wrote_rows = false;
  state.changed_schema = false;
}

void forget_file(RunState& state) {
  state.copies.clear();
  state.changed_tables.clear();
}

void take_note(RunState& state, const Node* node, const Effects& effects, const Catalog& catalog,
               const CatalogMark& mark, const SessionState& session) {
  note_changes(state, catalog, mark);
  if (node && !effects.error) note_node(state, *node, catalog, session);
  for (const RelationEffect& each : effects.relations) {
    if (state.created_in_run.contains(each.id)) continue;
    if (each.strongest() == LockMode::access_exclusive) state.exclusively_locked.insert(each.id);
    if (writes_rows(node) && std::ranges::count(each.locks, LockMode::row_exclusive) > 0) state.wrote_rows = true;
  }
  const auto timeout = session.settings.find("lock_timeout");
  state.lock_timeout_set = timeout != session.settings.end() && timeout->second != "0";
}

}  // namespace martlet
