#include "hazard/run_state.h"

#include <algorithm>

#include "db/connection.h"
#include "hazard/look.h"
#include "hazard/row_changes.h"
#include "hazard/sqlite_alter.h"
#include "sql/lexer.h"

namespace martlet {
namespace {

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

bool is_used(const RunState& state, const Relation& table) {
  return !state.created_in_run.contains(table.id) && table.persistence != Persistence::temporary;
}

void note_rows(RunState& state, const Node& node, const Catalog& catalog, const SessionState& session) {
  const auto find = [&](const PgQuery__RangeVar& range) {
    return find_relation(catalog, session, qualified_name(range));
  };
  each_row_change(node, catalog, find, [&](const ChangedTableRows& change) {
    const bool used = change.table ? is_used(state, *change.table) : !catalog.complete;
    if (used && !change.by_key) state.wrote_rows = true;
  });
}

std::vector<std::string> names_of(const Node& alter_table) {
  std::vector<std::string> names;
  const auto add = [&](const char* name) {
    if (name && *name) names.emplace_back(name);
  };
  for (const Node* each : alter_commands(alter_table)) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    add(command.name);
    if (!command.def) continue;
    if (command.def->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) add(command.def->column_def->colname);
    if (command.def->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) add(command.def->constraint->conname);
  }
  return names;
}

void note_alter(RunState& state, const Statement& statement, const Node* node, const Effects& effects,
                const Catalog& catalog, const SessionState& session) {
  state.last_alter.table = 0;
  if (!node || node->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT || effects.error) return;
  const PgQuery__RangeVar& range = *node->alter_table_stmt->relation;
  const Relation* table = find_relation(catalog, session, qualified_name(range));
  if (!table || !is_used(state, *table)) return;
  const RelationEffect* effect = effects.on(table->id);
  state.last_alter = {.table = table->id,
                      .text = statement.text,
                      .names = names_of(*node),
                      .only = range.inh == 0,
                      .reads_table = effect && effect->scan};
}

bool is_table(RelationKind kind) {
  return kind == RelationKind::table || kind == RelationKind::partitioned_table;
}

void note_locks(RunState& state, const Effects& effects, const Catalog& catalog) {
  const std::set<ObjectId> earlier = state.write_blocked;
  for (const RelationEffect& each : effects.relations) {
    if (state.created_in_run.contains(each.id)) continue;
    if (each.strongest() == LockMode::access_exclusive) state.exclusively_locked.insert(each.id);
    if (!is_table(each.kind) || !blocks_writes(each.strongest())) continue;
    const ObjectId root = root_of(catalog, each.id);
    if (!earlier.empty() && !earlier.contains(root)) state.locked_several = true;
    state.write_blocked.insert(root);
    if (!state.lock_timeout_set) state.blocked_without_timeout = true;
  }
}

void note_node(RunState& state, const Node& node, const Catalog& catalog, const SessionState& session) {
  note_rows(state, node, catalog, session);
  if (node.node_case == PG_QUERY__NODE__NODE_UPDATE_STMT) note_filled(state, *node.update_stmt, catalog, session);
  if (node.node_case == PG_QUERY__NODE__NODE_ALTER_ENUM_STMT) {
    note_enum_label(state, *node.alter_enum_stmt, catalog, session);
  }
  if (std::optional<TableCopy> copy = table_copy(node)) {
    const Relation* source = find_relation(catalog, session, copy->source);
    if (!source || !state.write_blocked.contains(source->id)) state.copies.push_back(std::move(*copy));
  }
}

bool has_table(Connection& database, const std::string& name) {
  return !database.execute("PRAGMA table_info(" + quote_identifier(name) + ")").rows.empty();
}

// Behind CREATE.
EmptyTables when_created(Lexer words, Connection& database) {
  if (!words.accept("temp")) words.accept("temporary");
  if (!words.accept("table")) return {};
  const bool may_exist = words.accept({"if", "not", "exists"});
  const std::string name = sqlite_name(words.accept_name());
  if (may_exist && has_table(database, name)) return {};
  const bool is_filled = words.accept("as");
  return is_filled ? EmptyTables{.made = name} : EmptyTables{.now = name, .made = name};
}

// Behind INSERT or REPLACE.
EmptyTables when_filled(Lexer words) {
  if (words.accept("or")) words.next();
  words.accept("into");
  return {.no_more = sqlite_name(words.accept_name())};
}

EmptyTables when_renamed(const RunState& state, Lexer words) {
  const std::string name = sqlite_name(words.accept_name());
  if (!words.accept({"rename", "to"}) || !state.made_tables.contains(name)) return {};
  const std::string renamed = sqlite_name(words.accept_name());
  return {.no_more = name, .now = state.empty_tables.contains(name) ? renamed : "", .made = renamed};
}

}  // namespace

EmptyTables empty_tables(const RunState& state, const Statement& statement, Connection& database) {
  Lexer words(statement.text, Dialect::sqlite);
  if (words.accept("create")) return when_created(words, database);
  if (words.accept("insert") || words.accept("replace")) return when_filled(words);
  if (words.accept({"alter", "table"})) return when_renamed(state, words);
  return {};
}

void take_note(RunState& state, const EmptyTables& changed) {
  if (!changed.no_more.empty()) state.empty_tables.erase(changed.no_more);
  if (!changed.now.empty()) state.empty_tables.insert(changed.now);
  if (!changed.made.empty()) state.made_tables.insert(changed.made);
}

void forget_transaction(RunState& state) {
  state.created_in_transaction.clear();
  state.exclusively_locked.clear();
  state.not_validated.clear();
  state.enum_labels.clear();
  state.write_blocked.clear();
  state.locked_several = false;
  state.wrote_rows = false;
  state.changed_schema = false;
}

void forget_file(RunState& state) {
  state.copies.clear();
  state.changed_tables.clear();
  state.blocked_without_timeout = state.can_roll_back = false;
  state.last_alter = {};
}

void take_note(RunState& state, const Statement& statement, const Node* node, const Effects& effects,
               const Catalog& catalog, const CatalogMark& mark, const SessionState& session) {
  note_changes(state, catalog, mark);
  if (node && !effects.error) note_node(state, *node, catalog, session);
  note_alter(state, statement, node, effects, catalog, session);
  note_locks(state, effects, catalog);
  const bool sets = node && node->node_case == PG_QUERY__NODE__NODE_VARIABLE_SET_STMT;
  if (effects.transactional && !sets) state.can_roll_back = true;
  const auto timeout = session.settings.find("lock_timeout");
  state.lock_timeout_set = timeout != session.settings.end() && timeout->second != "0";
}

}  // namespace martlet
