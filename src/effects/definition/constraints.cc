// Constraints as statements write them, each with what the server makes for it.
#include <fmt/format.h>

#include <algorithm>

#include "effects/alter_table/proof.h"
#include "effects/coercion.h"
#include "effects/definition/parts.h"
#include "effects/expression.h"
#include "effects/overload.h"

namespace martlet {
namespace {

// transformCheckConstraints: what is there at the birth of a table holds for all its rows.
bool is_validated(const Execution& execution, ObjectId table, const PgQuery__Constraint& constraint) {
  return execution.is_new(table) || !constraint.skip_validation;
}

std::string check_name(const Relation& table, const PgQuery__Constraint& constraint, const std::vector<int>& columns) {
  if (*constraint.conname) return constraint.conname;
  const Column* only = columns.size() == 1 ? table.column(columns[0]) : nullptr;
  return choose_constraint_name(table, only ? only->name : "", "check");
}

// MergeWithExistingConstraint: a child that has it already keeps its own.
bool merge_with_existing(Execution& execution, ObjectId table, const Constraint& added) {
  const Relation& relation = *execution.catalog.relations.get(table);
  const Constraint* existing = relation.constraint(added.name);
  if (!existing) return false;
  if (existing->kind != Constraint::Kind::check || existing->expression != added.expression || !added.inherited) {
    require_free_constraint_name(execution, relation, added.name);
  }
  if (existing->no_inherit) {
    execution.fail("42P17", fmt::format("constraint \"{}\" conflicts with non-inherited constraint on relation \"{}\"",
                                        added.name, relation.name));
  }
  if (added.validated && !existing->validated) {
    execution.fail("42P17", fmt::format("constraint \"{}\" conflicts with NOT VALID constraint on relation \"{}\"",
                                        added.name, relation.name));
  }
  std::vector<Constraint>& constraints = execution.catalog.relations.edit(table).constraints;
  std::ranges::find(constraints, added.name, &Constraint::name)->inherited = true;
  return true;
}

// ATAddCheckConstraint: to the table, then to its children.
void add_check_to(Execution& execution, ObjectId table, Constraint check) {
  if (merge_with_existing(execution, table, check)) return;
  check.id = execution.catalog.next_id();
  execution.catalog.add_constraint(table, check);
  const Relation& relation = *execution.catalog.relations.get(table);
  if (check.validated && relation.is_heap()) execution.scan(table);
  if (check.no_inherit) return;
  check.inherited = true;
  check.local = false;
  const std::vector<std::string> names = [&] {
    std::vector<std::string> found;
    for (const int number : check.columns) {
      const Column* column = relation.column(number);
      found.push_back(column ? column->name : "");
    }
    return found;
  }();
  const std::vector<ObjectId> children = relation.children;
  for (const ObjectId child : children) {
    execution.lock(child, LockMode::access_exclusive);
    Constraint inherited = check;
    inherited.columns.clear();
    for (const std::string& name : names) {
      const Column* column = execution.catalog.relations.get(child)->column(name);
      if (column) inherited.columns.push_back(column->number);
    }
    add_check_to(execution, child, std::move(inherited));
  }
}

void add_check(Execution& execution, ObjectId table, const PgQuery__Constraint& constraint) {
  const Relation& relation = *execution.catalog.relations.get(table);
  const ExpressionFacts facts = expression_facts(execution, *constraint.raw_expr, &relation);
  require_condition(execution, facts);
  note_calls(execution, table, facts);
  const Relation& known = *execution.catalog.relations.get(table);
  Constraint check{.name = check_name(known, constraint, facts.columns),
                   .columns = facts.columns,
                   .validated = is_validated(execution, table, constraint),
                   .no_inherit = constraint.is_no_inherit != 0,
                   .expression = deparse_expression(*constraint.raw_expr)};
  if (check.no_inherit && known.is_partitioned()) {
    execution.fail("42P16", fmt::format("cannot add NO INHERIT constraint to partitioned table \"{}\"", known.name));
  }
  add_check_to(execution, table, std::move(check));
}

Constraint::Kind kind_of(const PgQuery__Constraint& constraint) {
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
      return Constraint::Kind::primary_key;
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
      return Constraint::Kind::exclusion;
    default:
      return Constraint::Kind::unique;
  }
}

void add_key_column(Execution& execution, IndexPlan& plan, std::string name) {
  const int number = column_number(execution, plan.table, name);
  if (std::ranges::count(plan.definition.keys, number, &IndexKey::column) > 0) {
    const std::string_view what = plan.definition.primary ? "primary key" : "unique";
    execution.fail("42701", fmt::format("column \"{}\" appears twice in {} constraint", name, what));
  }
  plan.definition.keys.push_back({.column = number});
  plan.definition.reads.push_back(number);
  plan.column_names.push_back(std::move(name));
}

// The operator has to take two values of the key just read.
void read_exclusion_operator(const Execution& execution, IndexPlan& plan, const PgQuery__List& name) {
  const Catalog& catalog = execution.catalog;
  const QualifiedName written = qualified_name(name.n_items, name.items);
  const Column* column = catalog.relations.get(plan.table)->column(plan.definition.keys.back().column);
  const ObjectId type = column ? column->type.type : 0;
  if (!has_operator(catalog, written, type, type)) {
    const std::string text = type_text(catalog, {.type = type});
    execution.fail("42883", fmt::format("operator does not exist: {} {} {}", text, written.name, text));
  }
  plan.operators.push_back(written.name);
}

void read_constraint_keys(Execution& execution, IndexPlan& plan, const PgQuery__Constraint& constraint,
                          const Column* column) {
  if (constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION) {
    for (const Node* each : list(constraint.n_exclusions, constraint.exclusions)) {
      read_keys(execution, plan, 1, each->list->items);
      read_exclusion_operator(execution, plan, *each->list->items[1]->list);
    }
    return;
  }
  for (std::string& name : string_values(constraint.n_keys, constraint.keys)) {
    add_key_column(execution, plan, std::move(name));
  }
  if (constraint.n_keys == 0 && column) add_key_column(execution, plan, column->name);
}

void require_no_primary_key(const Execution& execution, const Relation& table) {
  const bool has = std::ranges::any_of(
      table.constraints, [](const Constraint& each) { return each.kind == Constraint::Kind::primary_key; });
  if (has) {
    execution.fail("42P16", fmt::format("multiple primary keys for table \"{}\" are not allowed", table.name));
  }
}

// Columns of a primary key become NOT NULL, in the children too (transformIndexConstraints makes SET NOT NULL commands
// of them). The index build reads the rows in any case.
void set_not_null(Execution& execution, ObjectId table, const std::vector<std::string>& names) {
  const Relation& relation = *execution.catalog.relations.get(table);
  const bool needed = std::ranges::any_of(names, [&](const std::string& name) {
    const Column* column = relation.column(name);
    return column && !column->not_null;
  });
  // Children of a table that has it already may do without; partitions may not.
  if (!needed && relation.kind == RelationKind::partitioned_table) return;
  const std::vector<ObjectId> children = relation.children;
  const bool proved = std::ranges::all_of(names, [&](const std::string& name) {
    const Column* column = relation.column(name);
    return !column || column->not_null || proves_not_null(relation, *column);
  });
  if (relation.is_heap() && !proved) execution.scan(table);
  Relation& changed = execution.catalog.relations.edit(table);
  for (Column& column : changed.columns) {
    if (std::ranges::find(names, column.name) != names.end()) column.not_null = true;
  }
  for (const ObjectId child : children) {
    execution.lock(child, LockMode::access_exclusive);
    set_not_null(execution, child, names);
  }
}

// ATExecAddIndexConstraint: an index that is there becomes the constraint's.
void adopt_index(Execution& execution, ObjectId table, const PgQuery__Constraint& constraint) {
  const Relation& relation = *execution.catalog.relations.get(table);
  const Relation* index = execution.catalog.relations.find(relation.schema, constraint.indexname);
  if (!index) {
    if (execution.catalog.complete) {
      execution.fail("42704", fmt::format("index \"{}\" does not exist", constraint.indexname));
    }
    execution.assume(fmt::format("index {} exists and is valid", constraint.indexname));
  }
  Constraint added{.id = execution.catalog.next_id(),
                   .name = *constraint.conname ? constraint.conname : constraint.indexname,
                   .kind = kind_of(constraint),
                   .deferrable = constraint.deferrable != 0,
                   .initially_deferred = constraint.initdeferred != 0,
                   .index = index ? index->id : 0};
  require_free_constraint_name(execution, relation, added.name);
  if (!index) return execution.catalog.add_constraint(table, std::move(added));
  const auto refuse = [&](std::string_view why) {
    execution.fail("42809", fmt::format("index \"{}\" {}", index->name, why));
  };
  if (!index->index || index->index->table != table)
    refuse(fmt::format("does not belong to table \"{}\"", relation.name));
  if (index->index->constraint) {
    execution.fail("55000", fmt::format("index \"{}\" is already associated with a constraint", index->name));
  }
  if (!index->index->valid) execution.fail("55000", fmt::format("index \"{}\" is not valid", index->name));
  if (!index->index->unique || !index->index->predicate.empty())
    execution.fail("42809", fmt::format("\"{}\" is {}", index->name,
                                        index->index->unique ? "a partial index" : "not a unique index"));
  std::vector<std::string> names;
  for (const IndexKey& key : index->index->keys) {
    if (key.column == 0) refuse("contains expressions");
    added.columns.push_back(key.column);
    const Column* column = relation.column(key.column);
    if (column) names.push_back(column->name);
  }
  const ObjectId index_id = index->id;
  const bool renamed = index->name != added.name;
  const bool primary = added.kind == Constraint::Kind::primary_key;
  if (primary) set_not_null(execution, table, names);
  if (renamed) execution.lock(index_id, LockMode::share_update_exclusive);
  if (renamed) execution.catalog.relations.rename(index_id, relation.schema, added.name);
  Relation& adopted = execution.catalog.relations.edit(index_id);
  adopted.index->constraint = added.id;
  adopted.index->primary = primary;
  adopted.index->immediate = !added.deferrable;
  execution.catalog.add_constraint(table, std::move(added));
}

void add_key(Execution& execution, ObjectId table, const PgQuery__Constraint& constraint, const Column* column,
             bool recurse) {
  const Relation& relation = *execution.catalog.relations.get(table);
  if (constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY) require_no_primary_key(execution, relation);
  if (*constraint.indexname) return adopt_index(execution, table, constraint);
  if (constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION && relation.is_partitioned()) {
    execution.fail("0A000", "exclusion constraints are not supported on partitioned tables");
  }
  IndexPlan plan{.table = table,
                 .name = constraint.conname,
                 .constraint = kind_of(constraint),
                 .is_constraint = true,
                 .deferrable = constraint.deferrable != 0,
                 .initially_deferred = constraint.initdeferred != 0,
                 .options = option_texts(constraint.n_options, constraint.options),
                 .tablespace = constraint.indexspace,
                 .recurse = recurse};
  IndexDefinition& index = plan.definition;
  index.primary = plan.constraint == Constraint::Kind::primary_key;
  index.exclusion = plan.constraint == Constraint::Kind::exclusion;
  index.unique = !index.exclusion;
  index.immediate = !plan.deferrable;
  index.nulls_not_distinct = constraint.nulls_not_distinct != 0;
  if (index.exclusion && *constraint.access_method) index.method = constraint.access_method;
  require_possible(execution, plan,
                   {.unique = index.unique,
                    .exclusion = index.exclusion,
                    .keys = index.exclusion ? constraint.n_exclusions : constraint.n_keys,
                    .included = constraint.n_including,
                    .options = list(constraint.n_options, constraint.options)});
  read_constraint_keys(execution, plan, constraint, column);
  for (const std::string& name : string_values(constraint.n_including, constraint.including)) {
    read_included(execution, plan, name);
  }
  read_predicate(execution, plan, constraint.where_clause);
  if (index.primary) {
    const std::size_t keys = index.keys.size();
    set_not_null(execution, table,
                 {plan.column_names.begin(), plan.column_names.begin() + static_cast<std::ptrdiff_t>(keys)});
  }
  make_index(execution, std::move(plan));
}

}  // namespace

void require_free_constraint_name(const Execution& execution, const Relation& table, std::string_view name) {
  if (!table.constraint(name)) return;
  execution.fail("42710", fmt::format("constraint \"{}\" for relation \"{}\" already exists", name, table.name));
}

void add_constraint(Execution& execution, ObjectId table, const PgQuery__Constraint& constraint, const Column* column,
                    bool recurse) {
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      return add_check(execution, table, constraint);
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
      return add_key(execution, table, constraint, column, recurse);
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      return add_foreign_key(execution, table, constraint, column);
    default:
      return;  // the column's own facts: make_column()
  }
}

}  // namespace martlet
