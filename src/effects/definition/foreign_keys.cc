// Foreign keys (tablecmds.c, ATAddForeignKeyConstraint): both tables are locked alike; validation reads both.
#include <fmt/format.h>

#include <algorithm>

#include "effects/definition/parts.h"
#include "effects/referenced_rows.h"

namespace martlet {
namespace {

struct Reference {
  Constraint constraint;
  std::vector<std::string> names;  // of the referring columns
  bool validate = false;
};

std::vector<int> primary_key_columns(const Execution& execution, const Relation& target, ObjectId& index) {
  for (const Constraint& each : target.constraints) {
    if (each.kind != Constraint::Kind::primary_key) continue;
    if (each.deferrable) {
      execution.fail("55000",
                     fmt::format("cannot use a deferrable primary key for referenced table \"{}\"", target.name));
    }
    index = each.index;
    return each.columns;
  }
  if (!target.columns_unknown) {
    execution.fail("42704", fmt::format("there is no primary key for referenced table \"{}\"", target.name));
  }
  return {};
}

// transformFkeyCheckAttrs: a unique index, whole, immediate and valid, on exactly these columns.
ObjectId matching_index(const Execution& execution, const Relation& target, std::vector<int> columns) {
  std::ranges::sort(columns);
  for (const ObjectId id : target.indexes) {
    const IndexDefinition& index = *execution.catalog.relations.get(id)->index;
    if (!index.unique || !index.valid || !index.immediate || !index.predicate.empty()) continue;
    std::vector<int> keys;
    for (const IndexKey& key : index.keys) keys.push_back(key.column);
    std::ranges::sort(keys);
    if (keys == columns) return id;
  }
  if (!target.columns_unknown) {
    execution.fail("42830", fmt::format("there is no unique constraint matching given keys for referenced table \"{}\"",
                                        target.name));
  }
  return 0;
}

void read_target(Execution& execution, Constraint& key, const PgQuery__Constraint& written) {
  if (written.n_pk_attrs == 0) {
    key.target_columns = primary_key_columns(execution, *execution.catalog.relations.get(key.target), key.index);
    return;
  }
  for (const std::string& name : string_values(written.n_pk_attrs, written.pk_attrs)) {
    const Relation& target = *execution.catalog.relations.get(key.target);
    if (!target.column(name) && !target.columns_unknown) {
      execution.fail("42703", fmt::format("column \"{}\" referenced in foreign key constraint does not exist", name));
    }
    key.target_columns.push_back(column_number(execution, key.target, name));
  }
  key.index = matching_index(execution, *execution.catalog.relations.get(key.target), key.target_columns);
}

void read_columns(Execution& execution, ObjectId table, Reference& reference, const PgQuery__Constraint& written,
                  const Column* column) {
  reference.names = string_values(written.n_fk_attrs, written.fk_attrs);
  if (reference.names.empty() && column) reference.names.push_back(column->name);
  for (const std::string& name : reference.names) {
    const Relation& relation = *execution.catalog.relations.get(table);
    if (!relation.column(name) && !relation.columns_unknown) {
      execution.fail("42703", fmt::format("column \"{}\" referenced in foreign key constraint does not exist", name));
    }
    reference.constraint.columns.push_back(column_number(execution, table, name));
  }
}

char action(const char* written) {
  return *written ? *written : 'a';
}

// ADD COLUMN … REFERENCES without a default has only nulls to check (parse_utilcmd.c, transformAlterTableStmt).
bool holds_already(const Execution& execution, ObjectId table, const Column* column) {
  return execution.is_new(table) || (column && column->default_sql.empty());
}

void scan_with_partitions(Execution& execution, ObjectId table, const Relation& referring) {
  const Relation& relation = *execution.catalog.relations.get(table);
  if (relation.is_heap() && reads_referenced(referring, relation)) return execution.scan(table);
  if (relation.kind != RelationKind::partitioned_table) return;
  for (const ObjectId child : relation.children) scan_with_partitions(execution, child, referring);
}

void lock_partitions(Execution& execution, ObjectId table, LockMode mode) {
  const Relation& relation = *execution.catalog.relations.get(table);
  if (relation.kind != RelationKind::partitioned_table) return;
  for (const ObjectId child : relation.children) {
    execution.lock(child, mode);
    lock_partitions(execution, child, mode);
  }
}

// A foreign key of a partition that says the same and holds is taken over, and nothing is read
// (tryAttachPartitionForeignKey).
bool take_over(Execution& execution, ObjectId partition, const Constraint& wanted) {
  const std::vector<Constraint>& there = execution.catalog.relations.get(partition)->constraints;
  const auto at = std::ranges::find_if(there, [&](const Constraint& each) {
    return each.kind == Constraint::Kind::foreign_key && each.validated && !each.parent &&
           each.target == wanted.target && each.columns == wanted.columns &&
           each.target_columns == wanted.target_columns && each.on_delete == wanted.on_delete &&
           each.on_update == wanted.on_update && each.match == wanted.match && each.deferrable == wanted.deferrable &&
           each.initially_deferred == wanted.initially_deferred;
  });
  if (at == there.end()) return false;
  const auto position = at - there.begin();
  Constraint& taken = execution.catalog.relations.edit(partition).constraints[static_cast<std::size_t>(position)];
  taken.parent = wanted.parent;
  taken.inherited = true;
  taken.local = false;
  return true;
}

// addFkRecurseReferencing: the same on each partition of the referring table.
void add_to(Execution& execution, ObjectId table, const Reference& reference) {
  Constraint key = reference.constraint;
  key.id = execution.catalog.next_id();
  execution.catalog.add_constraint(table, key);
  const Relation& relation = *execution.catalog.relations.get(table);
  if (reference.validate && relation.is_heap()) {
    execution.scan(table);
    scan_with_partitions(execution, key.target, relation);
  }
  if (relation.kind != RelationKind::partitioned_table) return;
  const std::vector<ObjectId> children = relation.children;
  for (const ObjectId child : children) {
    execution.lock(child, LockMode::share_row_exclusive);
    Reference copy = reference;
    copy.constraint.parent = key.id;
    copy.constraint.inherited = true;
    copy.constraint.local = false;
    copy.constraint.columns.clear();
    for (const std::string& name : reference.names) {
      copy.constraint.columns.push_back(column_number(execution, child, name));
    }
    if (take_over(execution, child, copy.constraint)) continue;
    const Relation& partition = *execution.catalog.relations.get(child);
    if (partition.constraint(key.name)) {
      copy.constraint.name = choose_constraint_name(partition, joined_names(reference.names), "fkey");
    }
    add_to(execution, child, copy);
  }
}

void require_target_table(const Execution& execution, const Relation& target) {
  if (target.kind == RelationKind::table || target.kind == RelationKind::partitioned_table) return;
  execution.fail("42809", fmt::format("referenced relation \"{}\" is not a table", target.name));
}

// transformColumnNameList and the persistence rules of ATAddForeignKeyConstraint.
void require_persistence(const Execution& execution, const Relation& table, const Relation& target) {
  if (target.assumed || table.assumed) return;
  if (table.persistence == Persistence::permanent && target.persistence != Persistence::permanent) {
    execution.fail("42P16", "constraints on permanent tables may reference only permanent tables");
  }
  if (table.persistence == Persistence::unlogged && target.persistence == Persistence::temporary) {
    execution.fail("42P16", "constraints on unlogged tables may reference only permanent or unlogged tables");
  }
  if (table.persistence == Persistence::temporary && target.persistence != Persistence::temporary) {
    execution.fail("42P16", "constraints on temporary tables may reference only temporary tables");
  }
}

}  // namespace

void add_foreign_key(Execution& execution, ObjectId table, const PgQuery__Constraint& written, const Column* column) {
  const ObjectId target = execution.relation(qualified_name(*written.pktable)).id;
  execution.lock(table, LockMode::share_row_exclusive);
  execution.lock(target, LockMode::share_row_exclusive);
  require_target_table(execution, *execution.catalog.relations.get(target));
  const Relation& referring = *execution.catalog.relations.get(table);
  require_persistence(execution, referring, *execution.catalog.relations.get(target));
  const bool holds = holds_already(execution, table, column);
  if (referring.is_partitioned() && !written.initially_valid && !holds) {
    execution.fail(
        "42809", fmt::format("cannot add NOT VALID foreign key on partitioned table \"{}\" referencing relation \"{}\"",
                             referring.name, written.pktable->relname));
  }
  Reference reference;
  Constraint& key = reference.constraint;
  key.kind = Constraint::Kind::foreign_key;
  key.target = target;
  read_columns(execution, table, reference, written, column);
  read_target(execution, key, written);
  const std::size_t wanted = key.target_columns.size();
  if (wanted != key.columns.size() && !(wanted == 0 && execution.catalog.relations.get(target)->columns_unknown)) {
    execution.fail("42830", "number of referencing and referenced columns for foreign key disagree");
  }
  key.validated = holds || !written.skip_validation;
  key.deferrable = written.deferrable != 0;
  key.initially_deferred = written.initdeferred != 0;
  key.on_delete = action(written.fk_del_action);
  key.on_update = action(written.fk_upd_action);
  key.match = *written.fk_matchtype ? *written.fk_matchtype : 's';
  const Relation& relation = *execution.catalog.relations.get(table);
  key.name =
      *written.conname ? written.conname : choose_constraint_name(relation, joined_names(reference.names), "fkey");
  require_free_constraint_name(execution, relation, key.name);
  require_comparable(execution, key, relation, *execution.catalog.relations.get(target));
  reference.validate = key.validated && !holds;
  lock_partitions(execution, target, LockMode::share_row_exclusive);
  add_to(execution, table, reference);
}

}  // namespace martlet
