#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool same_key(const IndexKey& a, const IndexKey& b) {
  return a.column == b.column && a.expression == b.expression && a.opclass == b.opclass && a.collation == b.collation &&
         a.descending == b.descending && a.nulls_first == b.nulls_first;
}

bool begins_with(const IndexDefinition& whole, const IndexDefinition& part) {
  return part.keys.size() <= whole.keys.size() &&
         std::equal(part.keys.begin(), part.keys.end(), whole.keys.begin(), same_key);
}

// Does `other` do all that `index` does?
bool covers(const IndexDefinition& other, const IndexDefinition& index) {
  if (other.method != index.method || other.predicate != index.predicate || !other.valid) return false;
  if (index.exclusion || other.exclusion || index.constraint || index.replica_identity) return false;
  const bool same_keys = other.keys.size() == index.keys.size();
  if (index.unique && !(other.unique && same_keys && other.nulls_not_distinct == index.nulls_not_distinct))
    return false;
  if (!same_keys && index.method != "btree") return false;
  const bool all_included =
      std::ranges::all_of(index.included, [&](int column) { return std::ranges::count(other.included, column) > 0; });
  return all_included && begins_with(other, index);
}

void compare(const Case& at, const Relation& made, const Relation& other, Findings& found) {
  const std::string name = QualifiedName{"", made.name}.text();
  const std::string other_name = QualifiedName{"", other.name}.text();
  if (covers(*other.index, *made.index)) {
    found.add(at, fmt::format("{} does nothing that {} does not do already", name, other_name)).object = made.id;
  } else if (covers(*made.index, *other.index)) {
    found.add(at, fmt::format("{} makes {} superfluous", name, other_name)).object = other.id;
  }
}

void check(const Case& at, Findings& found) {
  at.before.each_changed_relation([&](ObjectId id, const Relation* before) {
    const Relation* made = at.catalog.relations.get(id);
    if (before || !made || !made->index || made->index->parent) return;
    const Relation* table = at.catalog.relations.get(made->index->table);
    if (!table) return;
    for (const ObjectId other_id : table->indexes) {
      const Relation* other = other_id == id ? nullptr : at.catalog.relations.get(other_id);
      const bool later = other && !at.before.relation(other_id) && other_id > id;  // of the same statement: said once
      if (other && other->index && !later) compare(at, *made, *other, found);
    }
  });
}

// One that is dropped in the same part was known to be superfluous.
void finish(const Catalog& catalog, const RunState&, Findings& found) {
  found.withdraw([&](const HazardFinding& each) { return catalog.relations.get(each.object) == nullptr; });
}

const Registered<Hazard> kHazard{{
    .id = "index-redundant",
    .severity = Hazard::Severity::warning,
    .summary = "two indexes of which one would do",
    .why = "Each INSERT, each DELETE and most UPDATEs write to every index of the table; one that another one stands "
           "in for "
           "costs that, space and time in VACUUM, and is good for nothing.",
    .safe_form = "Keep the one with more columns, or the unique one.",
    .on = {PG_QUERY__NODE__NODE_INDEX_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT, PG_QUERY__NODE__NODE_CREATE_STMT},
    .check = check,
    .finish = finish,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
