#include "effects/query/dml.h"

#include <fmt/format.h>

#include <algorithm>

#include "effects/definition.h"

namespace martlet {
namespace {

ObjectId target_of(QueryReader& reader, const PgQuery__RangeVar& range) {
  return reader.execution.relation(qualified_name(range)).id;
}

std::string alias_of(const PgQuery__RangeVar& range) {
  return range.alias ? range.alias->aliasname : range.relname;
}

// Columns that are written, as numbers. Fails with 42703 for one that is not there.
std::vector<int> written_columns(Execution& execution, ObjectId table, std::size_t count, Node* const* targets) {
  std::vector<int> numbers;
  for (const Node* each : list(count, targets)) {
    if (each->node_case != PG_QUERY__NODE__NODE_RES_TARGET || !*each->res_target->name) continue;
    const int number = column_number(execution, table, each->res_target->name);
    if (each->res_target->n_indirection == 0 && std::ranges::find(numbers, number) != numbers.end()) {
      execution.fail("42701", fmt::format("column \"{}\" specified more than once", each->res_target->name));
    }
    numbers.push_back(number);
  }
  return numbers;
}

bool is_default(const Node& value) {
  return value.node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT;
}

bool is_null(const Node& value) {
  return value.node_case == PG_QUERY__NODE__NODE_A_CONST && value.a_const->isnull;
}

bool may_be_changed_before(const Relation& table, RowChange change) {
  return std::ranges::any_of(table.triggers, [&](const Trigger& each) {
    return each.before && each.row && (change == RowChange::insert ? each.on_insert : each.on_update);
  });
}

void require_writable(const Execution& execution, const Column& column, const Node* value, bool overriding) {
  if (!value || is_default(*value)) return;
  if (column.generated) {
    execution.fail("428C9", fmt::format("cannot insert a non-DEFAULT value into column \"{}\"", column.name));
  }
  if (column.identity == Column::Identity::always && !overriding) {
    execution.fail("428C9", fmt::format("cannot insert a non-DEFAULT value into column \"{}\"", column.name));
  }
}

void require_not_null(const Execution& execution, const Relation& table, const Column& column, const Node* value) {
  if (!column.not_null) return;
  const bool has_default = !column.default_sql.empty() || column.identity != Column::Identity::none;
  const bool null = value && !is_default(*value) ? is_null(*value) : !has_default;
  if (!null) return;
  execution.fail("23502", fmt::format("null value in column \"{}\" of relation \"{}\" violates not-null constraint",
                                      column.name, table.name));
}

// One row of VALUES against the columns it is for.
void check_row(const Execution& execution, const Relation& table, const std::vector<int>& targets,
               const PgQuery__List& row, bool overriding) {
  if (row.n_items > targets.size()) execution.fail("42601", "INSERT has more expressions than target columns");
  for (const Column& column : table.columns) {
    const auto at = std::ranges::find(targets, column.number);
    const auto position = static_cast<std::size_t>(at - targets.begin());
    const Node* value = position < row.n_items ? row.items[position] : nullptr;
    require_writable(execution, column, value, overriding);
    if (!may_be_changed_before(table, RowChange::insert)) require_not_null(execution, table, column, value);
  }
}

void check_values(const Execution& execution, const Relation& table, const PgQuery__InsertStmt& statement,
                  std::vector<int> targets) {
  if (table.columns_unknown || !statement.select_stmt || table.kind == RelationKind::view) return;
  const PgQuery__SelectStmt& source = *statement.select_stmt->select_stmt;
  const bool named = !targets.empty();
  if (!named) {
    for (const Column& each : table.columns) targets.push_back(each.number);
  }
  const bool overriding = statement.override == PG_QUERY__OVERRIDING_KIND__OVERRIDING_USER_VALUE ||
                          statement.override == PG_QUERY__OVERRIDING_KIND__OVERRIDING_SYSTEM_VALUE;
  for (const Node* row : list(source.n_values_lists, source.values_lists)) {
    if (named && row->list->n_items < targets.size()) {
      execution.fail("42601", "INSERT has more target columns than expressions");
    }
    check_row(execution, table, targets, *row->list, overriding);
  }
}

// infer_arbiter_indexes: a unique index, whole or with the same predicate, on exactly these columns.
bool has_arbiter(const Catalog& catalog, const Relation& table, const PgQuery__InferClause& infer) {
  std::vector<std::string> wanted;
  for (const Node* each : list(infer.n_index_elems, infer.index_elems)) {
    const PgQuery__IndexElem& element = *each->index_elem;
    wanted.push_back(element.expr ? deparse_expression(*element.expr) : element.name);
  }
  std::ranges::sort(wanted);
  return std::ranges::any_of(table.indexes, [&](ObjectId id) {
    const IndexDefinition& index = *catalog.relations.get(id)->index;
    if (!index.unique || !index.valid || !index.immediate) return false;
    if (!index.predicate.empty() && !infer.where_clause) return false;
    std::vector<std::string> keys;
    for (const IndexKey& key : index.keys) {
      const Column* column = table.column(key.column);
      keys.push_back(column ? column->name : key.expression);
    }
    std::ranges::sort(keys);
    return keys == wanted || std::ranges::any_of(index.keys, [](const IndexKey& key) { return key.column == 0; });
  });
}

void check_conflict_target(const Execution& execution, const Relation& table, const PgQuery__OnConflictClause& clause) {
  if (!clause.infer || table.columns_unknown) return;
  const PgQuery__InferClause& infer = *clause.infer;
  if (*infer.conname) {
    if (table.constraint(infer.conname)) return;
    execution.fail("42704",
                   fmt::format("constraint \"{}\" for table \"{}\" does not exist", infer.conname, table.name));
  }
  if (infer.n_index_elems == 0 || has_arbiter(execution.catalog, table, infer)) return;
  execution.fail("42P10", "there is no unique or exclusion constraint matching the ON CONFLICT specification");
}

// Defaults of serial and identity columns that are left out draw from their sequences.
void draw_numbers(Execution& execution, const Relation& table, const std::vector<int>& written,
                  const PgQuery__InsertStmt& statement) {
  std::size_t given = written.size();
  if (written.empty() && statement.select_stmt) {
    const PgQuery__SelectStmt& source = *statement.select_stmt->select_stmt;
    given = source.n_values_lists > 0 ? source.values_lists[0]->list->n_items : table.columns.size();
  }
  std::vector<ObjectId> sequences;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    const bool left_out = written.empty() ? i >= given : std::ranges::find(written, column.number) == written.end();
    if (column.owned_sequence && left_out) sequences.push_back(column.owned_sequence);
  }
  for (const ObjectId sequence : sequences) execution.lock(sequence, LockMode::row_exclusive);
}

// ON CONFLICT (…) DO UPDATE plans with the table's indexes.
void lock_arbiters(Execution& execution, const Relation& table, const PgQuery__OnConflictClause& clause) {
  if (!clause.infer) return;
  const std::vector<ObjectId> indexes = table.indexes;
  for (const ObjectId index : indexes) execution.lock(index, LockMode::row_exclusive);
}

void split(const Node* condition, std::vector<const Node*>& all) {
  if (!condition) return;
  const bool joined = condition->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR &&
                      condition->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR;
  if (!joined) return all.push_back(condition);
  for (const Node* each : list(condition->bool_expr->n_args, condition->bool_expr->args)) split(each, all);
}

struct Found {
  std::vector<FromItem> sources;
  std::vector<const Node*> conditions;
};

// The rows of UPDATE, DELETE and MERGE: the target first, then what is beside it.
Found find_rows(QueryReader& reader, const PgQuery__RangeVar& target, ObjectId table, std::size_t count,
                Node* const* others, const Node* where) {
  Found found;
  found.sources.push_back({.relation = table, .name = alias_of(target), .is_target = true});
  for (const Node* each : list(count, others)) reader.from(*each, found.sources, found.conditions);
  if (where) reader.expression(*where);
  if (where) reader.columns(*where, found.sources);
  split(where, found.conditions);
  reader.scan(found.sources, found.conditions);
  return found;
}

void read_values(QueryReader& reader, const Found& found, std::size_t count, Node* const* targets) {
  reader.expressions(count, targets);
  for (const Node* each : list(count, targets)) {
    if (each->node_case == PG_QUERY__NODE__NODE_RES_TARGET && each->res_target->val) {
      reader.columns(*each->res_target->val, found.sources);
    }
  }
}

}  // namespace

void insert_rows(QueryReader& reader, const PgQuery__InsertStmt& statement) {
  Execution& execution = reader.execution;
  const std::size_t ctes = reader.with(statement.with_clause);
  const ObjectId table = target_of(reader, *statement.relation);
  const std::vector<int> columns = written_columns(execution, table, statement.n_cols, statement.cols);
  check_values(execution, *execution.catalog.relations.get(table), statement, columns);
  if (statement.select_stmt) reader.query(*statement.select_stmt);
  reader.expressions(statement.n_returning_list, statement.returning_list);
  execution.lock(table, LockMode::row_exclusive);
  if (!is_ruled_out(execution, table, RowChange::insert)) {
    if (reader.runs) change_rows(execution, table, RowChange::insert);
    if (reader.runs) draw_numbers(execution, *execution.catalog.relations.get(table), columns, statement);
  }
  if (const PgQuery__OnConflictClause* conflict = statement.on_conflict_clause) {
    check_conflict_target(execution, *execution.catalog.relations.get(table), *conflict);
    lock_arbiters(execution, *execution.catalog.relations.get(table), *conflict);
    written_columns(execution, table, conflict->n_target_list, conflict->target_list);
    reader.expressions(conflict->n_target_list, conflict->target_list);
  }
  reader.forget(ctes);
}

void update_rows(QueryReader& reader, const PgQuery__UpdateStmt& statement) {
  Execution& execution = reader.execution;
  const std::size_t ctes = reader.with(statement.with_clause);
  const ObjectId table = target_of(reader, *statement.relation);
  execution.lock(table, LockMode::row_exclusive);
  const std::vector<int> columns = written_columns(execution, table, statement.n_target_list, statement.target_list);
  if (is_ruled_out(execution, table, RowChange::update)) return reader.forget(ctes);
  const Found found = find_rows(reader, *statement.relation, table, statement.n_from_clause, statement.from_clause,
                                statement.where_clause);
  read_values(reader, found, statement.n_target_list, statement.target_list);
  if (!found.sources.front().restricted && reader.runs) scan_target(execution, table);
  if (!reader.runs) return reader.forget(ctes), lock_target(execution, table, RowChange::update);
  change_rows(execution, table, RowChange::update, columns);
  reader.forget(ctes);
}

void delete_rows(QueryReader& reader, const PgQuery__DeleteStmt& statement) {
  Execution& execution = reader.execution;
  const std::size_t ctes = reader.with(statement.with_clause);
  const ObjectId table = target_of(reader, *statement.relation);
  execution.lock(table, LockMode::row_exclusive);
  if (is_ruled_out(execution, table, RowChange::remove)) return reader.forget(ctes);
  const Found found = find_rows(reader, *statement.relation, table, statement.n_using_clause, statement.using_clause,
                                statement.where_clause);
  if (!found.sources.front().restricted && reader.runs) scan_target(execution, table);
  if (!reader.runs) return reader.forget(ctes), lock_target(execution, table, RowChange::remove);
  change_rows(execution, table, RowChange::remove);
  reader.forget(ctes);
}

void merge_rows(QueryReader& reader, const PgQuery__MergeStmt& statement) {
  Execution& execution = reader.execution;
  const std::size_t ctes = reader.with(statement.with_clause);
  const ObjectId table = target_of(reader, *statement.relation);
  execution.lock(table, LockMode::row_exclusive);
  Node* source = statement.source_relation;
  const Found found = find_rows(reader, *statement.relation, table, 1, &source, statement.join_condition);
  if (!found.sources.front().restricted && reader.runs) scan_target(execution, table);
  for (const Node* each : list(statement.n_merge_when_clauses, statement.merge_when_clauses)) {
    const PgQuery__MergeWhenClause& clause = *each->merge_when_clause;
    const std::vector<int> columns = written_columns(execution, table, clause.n_target_list, clause.target_list);
    reader.expressions(clause.n_target_list, clause.target_list);
    reader.expressions(clause.n_values, clause.values);
    if (clause.command_type == PG_QUERY__CMD_TYPE__CMD_INSERT) change_rows(execution, table, RowChange::insert);
    if (clause.command_type == PG_QUERY__CMD_TYPE__CMD_UPDATE) {
      change_rows(execution, table, RowChange::update, columns);
    }
    if (clause.command_type == PG_QUERY__CMD_TYPE__CMD_DELETE) change_rows(execution, table, RowChange::remove);
  }
  reader.forget(ctes);
}

}  // namespace martlet
