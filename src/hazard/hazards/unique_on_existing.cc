#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"

namespace martlet {
namespace {

using Names = std::vector<std::string>;

struct Wanted {
  const PgQuery__RangeVar* range;
  Names columns;  // "" = an expression
};

// Is a valid unique index over some of these columns there already? Then they cannot have duplicates.
bool is_proven(const Case& at, const Relation& table, const Wanted& wanted) {
  return std::ranges::any_of(table.indexes, [&](ObjectId id) {
    const Relation* relation = at.before.relation(id);
    if (!relation || !relation->index || !relation->index->unique || !relation->index->valid) return false;
    if (!relation->index->predicate.empty()) return false;
    return std::ranges::all_of(relation->index->keys, [&](const IndexKey& key) {
      const Column* column = table.column(key.column);
      return column && std::ranges::count(wanted.columns, column->name) > 0;
    });
  });
}

// All rows have a column empty that was just added, and NULLs are not duplicates.
bool is_empty(const Case& at, const Relation& table, const Wanted& wanted) {
  return std::ranges::any_of(wanted.columns, [&](const std::string& name) {
    const Column* column = table.column(std::string_view(name));
    return column && at.state.unfilled.contains({table.id, column->number});
  });
}

void judge(const Case& at, const Wanted& wanted, Findings& found) {
  if (!is_live(at, wanted.range)) return;
  const Relation* table = at.relation(wanted.range);
  if (table && (is_proven(at, *table, wanted) || is_empty(at, *table, wanted))) return;
  Names names = wanted.columns;
  std::ranges::replace(names, std::string(), std::string("an expression"));
  const std::string name = shown(*wanted.range);
  found
      .add(at, fmt::format("fails if two rows of {} have the same {}, and from then on writes of running code that "
                           "repeat one fail",
                           name, join(names, ", ")))
      .relations = {name};
}

void look_at_index(const Case& at, const PgQuery__IndexStmt& index, Findings& found) {
  if (!index.unique) return;
  Wanted wanted{index.relation, {}};
  for (const Node* each : list(index.n_index_params, index.index_params)) {
    wanted.columns.emplace_back(each->index_elem->name);
  }
  judge(at, wanted, found);
}

bool is_key(const PgQuery__Constraint& constraint) {
  const bool key = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE ||
                   constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  return key && !*constraint.indexname;
}

void check(const Case& at, Findings& found) {
  if (at.node->node_case == PG_QUERY__NODE__NODE_INDEX_STMT) return look_at_index(at, *at.node->index_stmt, found);
  const PgQuery__AlterTableStmt& alter = *at.node->alter_table_stmt;
  for (const Node* each : alter_commands(*at.node)) {
    const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
    if (command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint || !command.def) continue;
    const PgQuery__Constraint& constraint = *command.def->constraint;
    if (!is_key(constraint)) continue;
    judge(at, {alter.relation, string_values(constraint.n_keys, constraint.keys)}, found);
  }
}

const Registered<Hazard> kHazard{{
    .id = "unique-on-existing",
    .severity = Hazard::Severity::warning,
    .summary = "uniqueness is asked of rows that are there",
    .why =
        "Duplicates make it fail (23505); built CONCURRENTLY it leaves an invalid index that is kept up on every write "
        "and refuses new duplicates all the same. Code that did not know of the rule fails when it breaks it.",
    .safe_form =
        "Look for duplicates first (GROUP BY … HAVING count(*) > 1), merge them, let code expect the error, then "
        "build the index CONCURRENTLY.",
    .on = {PG_QUERY__NODE__NODE_INDEX_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
