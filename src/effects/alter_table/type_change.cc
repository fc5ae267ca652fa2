#include "effects/alter_table/type_change.h"

#include <fmt/format.h>

#include <algorithm>

#include "effects/alter_table/dependents.h"
#include "effects/alter_table/index_compatibility.h"
#include "effects/definition/parts.h"
#include "effects/referenced_rows.h"
#include "schema/operator_class.h"

namespace martlet {
namespace {

template <class T>
void note(std::vector<T>& all, T one) {
  if (std::ranges::find(all, one) == all.end()) all.push_back(one);
}

void refuse(AlterTable& alter, const ColumnDependents& dependents) {
  const auto fail_if = [&](bool any, std::string_view by) {
    if (any) alter.execution.fail("0A000", fmt::format("cannot alter type of a column used by a {}", by));
  };
  fail_if(!dependents.views.empty() || !dependents.rules.empty(), "view or rule");
  fail_if(!dependents.functions.empty(), "function or procedure");
  fail_if(!dependents.generated.empty(), "generated column");
  if (!dependents.triggers.empty()) {
    alter.execution.fail("0A000", "cannot alter type of a column used in a trigger definition");
  }
  if (!dependents.policies.empty()) {
    alter.execution.fail("0A000", "cannot alter type of a column used in a policy definition");
  }
}

const Column* column_before(const AlteredTable& table, int number) {
  const auto at = std::ranges::find(table.columns_before, number, &Column::number);
  return at == table.columns_before.end() ? nullptr : &*at;
}

// ── indexes ──

// Its expressions are analysed with the new types.
void require_immutable(AlterTable& alter, const Relation& index) {
  const Relation& table = alter.relation(index.index->table);
  const auto check = [&](const std::string& sql, std::string_view what) {
    if (sql.empty()) return;
    const Volatility volatility = analyse_again(alter.execution, sql, &table).volatility;
    if (volatility != Volatility::stable && volatility != Volatility::volatile_) return;
    alter.execution.fail("42P17", fmt::format("functions in index {} must be marked IMMUTABLE", what));
  };
  for (const IndexKey& key : index.index->keys) check(key.expression, "expression");
  check(index.index->predicate, "predicate");
}

// An index is made again as it was written, so that an expression's collation follows the columns'.
void follow_collations(AlterTable& alter, const AlteredTable& table, ObjectId index) {
  const Catalog& catalog = alter.execution.catalog;
  const std::size_t count = alter.relation(index).index->keys.size();
  for (std::size_t i = 0; i < count; ++i) {
    const IndexKey& key = alter.relation(index).index->keys[i];
    if (key.column) continue;
    const Relation& relation = alter.relation(table.id);
    const ExpressionFacts facts = expression_facts(alter.execution, key.expression, &relation);
    if (key.collation != expression_collation(catalog, table.columns_before, facts)) continue;
    const std::string now = expression_collation(catalog, relation.columns, facts);
    if (now != key.collation) alter.edit(index).index->keys[i].collation = now;
  }
}

void rebuild_index(AlterTable& alter, const AlteredTable& table, ObjectId id) {
  const Relation* index = alter.execution.catalog.relations.get(id);
  if (!index) return;
  const IndexDefinition& definition = *index->index;
  alter.execution.lock(id, LockMode::access_exclusive);
  require_operator_classes(alter.execution, alter.relation(table.id), *index);
  require_immutable(alter, *index);
  follow_collations(alter, table, id);
  if (index->kind == RelationKind::partitioned_index) {
    if (!definition.parent) complete_index(alter.execution, id);
    return;
  }
  // A partitioned table's index is made again with those of its partitions, none of which is kept.
  if (!table.rewrite && !definition.parent &&
      is_compatible(alter.execution.catalog, definition, table.columns_before, alter.relation(table.id).columns)) {
    return;
  }
  alter.execution.rebuild(id);
  if (!table.rewrite) alter.execution.scan(table.id);
}

// ── foreign keys ──

TypeUse type_of(const Relation& table, int number) {
  const Column* column = table.column(number);
  return column ? column->type : TypeUse{};
}

// TryReuseForeignKey: what compares the two sides is the same as before.
bool compares_as_before(AlterTable& alter, const AlteredTable& table, const Constraint& key, ObjectId referrer) {
  const Catalog& catalog = alter.execution.catalog;
  const auto same = [&](ObjectId side, const std::vector<int>& columns) {
    if (side != table.id) return true;
    return std::ranges::all_of(columns, [&](int number) {
      const Column* before = column_before(table, number);
      const TypeUse now = type_of(alter.relation(table.id), number);
      if (!before || before->type.type == now.type) return true;
      return default_operator_class(catalog, "btree", before->type.type) ==
             default_operator_class(catalog, "btree", now.type);
    });
  };
  return same(referrer, key.columns) && same(key.target, key.target_columns);
}

void rebuild_foreign_key(AlterTable& alter, const AlteredTable& table, ObjectId referrer, const Constraint& key) {
  Execution& execution = alter.execution;
  execution.lock(referrer, LockMode::access_exclusive);
  execution.lock(key.target, LockMode::access_exclusive);
  const Relation* target = execution.catalog.relations.get(key.target);
  if (!target) return;
  require_comparable(execution, key, alter.relation(referrer), *target);
  if (!key.validated || (!table.rewrite && compares_as_before(alter, table, key, referrer))) return;
  if (alter.relation(referrer).is_heap()) execution.scan(referrer);
  if (target->is_heap() && reads_referenced(alter.relation(referrer), *target)) execution.scan(key.target);
}

void rebuild_constraint(AlterTable& alter, const AlteredTable& table, ObjectId owner, ObjectId id) {
  const Relation& relation = alter.relation(owner);
  const auto at = std::ranges::find(relation.constraints, id, &Constraint::id);
  if (at == relation.constraints.end()) return;
  const Constraint constraint = *at;
  if (constraint.kind == Constraint::Kind::foreign_key) return rebuild_foreign_key(alter, table, owner, constraint);
  if (constraint.index) return rebuild_index(alter, table, constraint.index);
  if (constraint.kind != Constraint::Kind::check) return;
  analyse_again(alter.execution, constraint.expression, &relation);
  if (constraint.validated) alter.altered(owner).scan = true;
}

}  // namespace

void remember_dependents(AlterTable& alter, ObjectId table, int column) {
  const ColumnDependents dependents = column_dependents(alter.execution, table, column);
  refuse(alter, dependents);
  AlteredTable& altered = alter.altered(table);
  for (const ObjectId id : dependents.constraints) note(altered.constraints, {table, id});
  for (const auto& [relation, id] : dependents.foreign_keys) note(altered.constraints, {relation, id});
  for (const ObjectId id : dependents.indexes) {
    if (!alter.relation(id).index->constraint) note(altered.indexes, id);
  }
  if (!dependents.statistics.empty()) alter.execution.lock(table, LockMode::share_update_exclusive);
}

void rebuild_after_type_change(AlterTable& alter, ObjectId id) {
  const AlteredTable table = alter.altered(id);
  for (const auto& [owner, constraint] : table.constraints) rebuild_constraint(alter, table, owner, constraint);
  for (const ObjectId index : table.indexes) rebuild_index(alter, table, index);
}

}  // namespace martlet
