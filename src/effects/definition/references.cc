// Foreign keys of others on a partitioned table hold for a partition's rows, too (tablecmds.c, CloneFkReferenced).
#include <algorithm>

#include "effects/definition/parts.h"

namespace martlet {
namespace {

ObjectId index_of_partition(const Catalog& catalog, ObjectId partition, ObjectId parent_index) {
  for (const ObjectId id : catalog.relations.get(partition)->indexes) {
    if (catalog.relations.get(id)->index->parent == parent_index) return id;
  }
  return 0;
}

// A referring table's partitions have copies of its key, which are not copied on their own.
bool is_copy(const Catalog& catalog, const Constraint& key) {
  if (!key.parent) return false;
  const std::vector<ObjectId>& referrers = catalog.relations.get(key.target)->referrers;
  return std::ranges::any_of(referrers, [&](ObjectId referrer) {
    const std::vector<Constraint>& keys = catalog.relations.get(referrer)->constraints;
    const auto parent = std::ranges::find(keys, key.parent, &Constraint::id);
    return parent != keys.end() && parent->target == key.target;
  });
}

std::string name_of_copy(const Relation& referrer, const Constraint& key) {
  std::vector<std::string> names;
  for (const int number : key.columns) names.push_back(referrer.column(number)->name);
  return choose_constraint_name(referrer, joined_names(names), "fkey");
}

void clone_reference(Execution& execution, ObjectId referrer, const Constraint& key, ObjectId partition) {
  Catalog& catalog = execution.catalog;
  execution.lock(referrer, LockMode::share_row_exclusive);
  Constraint copy = key;
  copy.id = catalog.next_id();
  copy.parent = key.id;
  copy.inherited = true;
  copy.local = false;
  copy.target = partition;
  copy.index = index_of_partition(catalog, partition, key.index);
  copy.target_columns = same_columns(catalog, key.target, partition, key.target_columns);
  copy.name = name_of_copy(*catalog.relations.get(referrer), key);
  catalog.add_constraint(referrer, std::move(copy));
}

}  // namespace

void clone_references(Execution& execution, ObjectId parent, ObjectId partition) {
  const std::vector<ObjectId> referrers = execution.catalog.relations.get(parent)->referrers;
  for (const ObjectId referrer : referrers) {
    const std::vector<Constraint> keys = execution.catalog.relations.get(referrer)->constraints;
    for (const Constraint& key : keys) {
      if (key.kind != Constraint::Kind::foreign_key || key.target != parent || is_copy(execution.catalog, key))
        continue;
      clone_reference(execution, referrer, key, partition);
    }
  }
}

}  // namespace martlet
