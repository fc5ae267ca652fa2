// LIKE table INCLUDING … (parse_utilcmd.c, transformTableLikeClause and expandTableLikeClause).
#include <fmt/format.h>

#include <algorithm>

#include "effects/definition/new_table.h"
#include "effects/definition/parts.h"

namespace martlet {
namespace {

// parsenodes.h, TableLikeOption
constexpr std::uint32_t kConstraints = 1U << 2, kDefaults = 1U << 3, kGenerated = 1U << 4, kIdentity = 1U << 5,
                        kIndexes = 1U << 6, kStatistics = 1U << 7, kStorage = 1U << 8, kCompression = 1U << 1;

Column copy_of(Execution& execution, const Relation& table, const Column& column, std::uint32_t options) {
  Column copy = column;
  copy.number = next_column_number(table);
  copy.inherited = false;
  copy.local = true;
  copy.owned_sequence = 0;
  copy.statistics_target = -1;
  copy.options.clear();
  const bool keeps_default = (options & (column.generated ? kGenerated : kDefaults)) != 0;
  if (!keeps_default || column.identity != Column::Identity::none) {
    copy.default_sql.clear();
    copy.default_volatility = Volatility::immutable;
    copy.generated = false;
  }
  if (!(options & kIdentity)) copy.identity = Column::Identity::none;
  if (copy.identity != Column::Identity::none) copy.owned_sequence = make_owned_sequence(execution, table, copy);
  if (!(options & kStorage)) copy.storage = type_storage(execution.catalog.types.get(copy.type.type));
  if (!(options & kCompression)) copy.compression = 0;
  return copy;
}

void note_calls_of_default(Execution& execution, Relation& table, const Column& column) {
  if (column.default_sql.empty()) return;
  for (const ObjectId function : expression_facts(execution, column.default_sql, nullptr).functions) {
    if (std::ranges::find(table.calls, function) == table.calls.end()) table.calls.push_back(function);
  }
}

template <class Visit>
void each_like(Execution& execution, const PgQuery__CreateStmt& statement, std::uint32_t option, const Visit& visit) {
  for (const Node* each : list(statement.n_table_elts, statement.table_elts)) {
    if (each->node_case != PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) continue;
    const PgQuery__TableLikeClause& like = *each->table_like_clause;
    if (like.options & option) visit(execution.relation(qualified_name(*like.relation)).id);
  }
}

void copy_statistics(Execution& execution, ObjectId table, ObjectId source) {
  const std::vector<Statistics> statistics = execution.catalog.relations.get(source)->statistics;
  for (Statistics copy : statistics) {
    copy.id = execution.catalog.next_id();
    copy.columns = same_columns(execution.catalog, source, table, copy.columns);
    Relation& changed = execution.catalog.relations.edit(table);
    copy.schema = changed.schema;
    copy.name = statistics_name(changed, copy);
    changed.statistics.push_back(std::move(copy));
  }
}

}  // namespace

void copy_columns(Execution& execution, Relation& table, const PgQuery__TableLikeClause& like) {
  const ObjectId source = execution.relation(qualified_name(*like.relation)).id;
  execution.lock(source, LockMode::access_share);
  const Relation& from = *execution.catalog.relations.get(source);
  if (from.is_index() || from.kind == RelationKind::sequence) {
    execution.fail("42809", fmt::format("relation \"{}\" is invalid in LIKE clause", from.name));
  }
  table.columns_unknown |= from.columns_unknown;
  for (const Column& column : from.columns) {
    Column copy = copy_of(execution, table, column, like.options);
    note_calls_of_default(execution, table, copy);
    const auto at = std::ranges::find(table.columns, copy.name, &Column::name);
    if (at != table.columns.end()) {
      merge_column(execution, table, *at, std::move(copy));
    } else {
      table.columns.push_back(std::move(copy));
    }
  }
}

void copy_checks(Execution& execution, ObjectId table, const PgQuery__CreateStmt& statement) {
  each_like(execution, statement, kConstraints, [&](ObjectId source) {
    const std::vector<Constraint> constraints = execution.catalog.relations.get(source)->constraints;
    for (const Constraint& each : constraints) {
      if (each.kind != Constraint::Kind::check) continue;
      require_free_constraint_name(execution, *execution.catalog.relations.get(table), each.name);
      Constraint copy = each;
      copy.id = execution.catalog.next_id();
      copy.validated = copy.local = true;
      copy.inherited = false;
      copy.columns = same_columns(execution.catalog, source, table, each.columns);
      execution.catalog.add_constraint(table, std::move(copy));
    }
  });
}

void copy_indexes(Execution& execution, ObjectId table, const PgQuery__CreateStmt& statement) {
  each_like(execution, statement, kIndexes, [&](ObjectId source) {
    std::vector<ObjectId> indexes = execution.catalog.relations.get(source)->indexes;
    std::ranges::sort(indexes);
    for (const ObjectId each : indexes) {
      make_index(execution, copy_of_index(execution, each, table));
    }
  });
  each_like(execution, statement, kStatistics, [&](ObjectId source) { copy_statistics(execution, table, source); });
}

}  // namespace martlet
