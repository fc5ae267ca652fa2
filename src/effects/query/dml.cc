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

struct Found {
  std::vector<FromItem> sources;
  std::vector<const Node*> conditions;
  bool nothing = false;  // the conditions are never true

  /// Are all rows of the target looked at?
  bool all() const { return !nothing && !sources.front().restricted; }
};

// The rows of UPDATE, DELETE and MERGE: the target first, then what is beside it.
Found find_rows(QueryReader& reader, const PgQuery__RangeVar& target, ObjectId table, std::size_t count,
                Node* const* others, const Node* where) {
  Found found;
  found.sources.push_back({.relation = table, .name = alias_of(target), .is_target = true});
  for (const Node* each : list(count, others)) reader.from(*each, found.sources, found.conditions);
  if (where) reader.expression(*where);
  if (where) reader.columns(*where, found.sources);
  split_conditions(where, found.conditions);
  found.nothing = wants_nothing(reader.execution, where);
  reader.scan(found.sources, found.conditions, found.nothing);
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

// Locks and goes through the target as its plan does.
void run_plan(QueryReader& reader, const ChangedRelation& changed, const Found& found, RowChange change,
              Children children) {
  Execution& execution = reader.execution;
  if (reader.until < Until::planned) return;
  const Relation& table = *execution.catalog.relations.get(changed.relation);
  // Of partitions nothing is left to plan where no row is wanted.
  const bool pruned = found.nothing && table.kind == RelationKind::partitioned_table;
  if (!pruned) lock_target(execution, changed.relation, children);
  if (!reader.runs() || found.nothing) return;
  // ONLY a partitioned table has no rows.
  if (table.kind == RelationKind::partitioned_table && children == Children::without) return;
  if (found.all()) scan_target(execution, changed.relation, children);
  change_rows(execution, changed.relation, change, changed.columns);
}

// transformMergeStmt
void require_mergeable(const Execution& execution, const Relation& table) {
  const bool fits = table.kind == RelationKind::table || table.kind == RelationKind::partitioned_table;
  if (!fits) execution.fail("42809", fmt::format("cannot execute MERGE on relation \"{}\"", table.name));
  if (!table.rules.empty()) execution.fail("0A000", fmt::format("cannot execute MERGE on relation \"{}\"", table.name));
}

Children children_of(const PgQuery__RangeVar& range) {
  return range.inh ? Children::with : Children::without;
}

}  // namespace

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

void update_rows(QueryReader& reader, const PgQuery__UpdateStmt& statement) {
  Execution& execution = reader.execution;
  const std::size_t ctes = reader.with(statement.with_clause);
  const ObjectId table = target_of(reader, *statement.relation);
  const std::vector<int> columns = written_columns(execution, table, statement.n_target_list, statement.target_list);
  const ChangedRelation changed =
      changed_relation(reader, table, RowChange::update, columns, statement.n_returning_list > 0);
  if (changed.relation) {
    const Found found = find_rows(reader, *statement.relation, table, statement.n_from_clause, statement.from_clause,
                                  statement.where_clause);
    read_values(reader, found, statement.n_target_list, statement.target_list);
    run_plan(reader, changed, found, RowChange::update, children_of(*statement.relation));
  }
  reader.forget(ctes);
}

void delete_rows(QueryReader& reader, const PgQuery__DeleteStmt& statement) {
  const std::size_t ctes = reader.with(statement.with_clause);
  const ObjectId table = target_of(reader, *statement.relation);
  const ChangedRelation changed =
      changed_relation(reader, table, RowChange::remove, {}, statement.n_returning_list > 0);
  if (changed.relation) {
    const Found found = find_rows(reader, *statement.relation, table, statement.n_using_clause, statement.using_clause,
                                  statement.where_clause);
    run_plan(reader, changed, found, RowChange::remove, children_of(*statement.relation));
  }
  reader.forget(ctes);
}

void merge_rows(QueryReader& reader, const PgQuery__MergeStmt& statement) {
  Execution& execution = reader.execution;
  const std::size_t ctes = reader.with(statement.with_clause);
  const ObjectId table = target_of(reader, *statement.relation);
  execution.lock(table, LockMode::row_exclusive);
  require_mergeable(execution, *execution.catalog.relations.get(table));
  Node* source = statement.source_relation;
  const Found found = find_rows(reader, *statement.relation, table, 1, &source, statement.join_condition);
  const Children children = children_of(*statement.relation);
  if (reader.until >= Until::planned) lock_target(execution, table, children);
  if (found.all() && reader.runs()) scan_target(execution, table, children);
  for (const Node* each : list(statement.n_merge_when_clauses, statement.merge_when_clauses)) {
    const PgQuery__MergeWhenClause& clause = *each->merge_when_clause;
    const std::vector<int> columns = written_columns(execution, table, clause.n_target_list, clause.target_list);
    reader.expressions(clause.n_target_list, clause.target_list);
    reader.expressions(clause.n_values, clause.values);
    if (!reader.runs()) continue;
    if (clause.command_type == PG_QUERY__CMD_TYPE__CMD_INSERT) change_rows(execution, table, RowChange::insert);
    if (clause.command_type == PG_QUERY__CMD_TYPE__CMD_UPDATE) {
      change_rows(execution, table, RowChange::update, columns);
    }
    if (clause.command_type == PG_QUERY__CMD_TYPE__CMD_DELETE) change_rows(execution, table, RowChange::remove);
  }
  reader.forget(ctes);
}

}  // namespace martlet
