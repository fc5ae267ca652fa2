#include "schema/index_cover.h"

#include <algorithm>

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

}  // namespace

bool does_all_of(const IndexDefinition& other, const IndexDefinition& index) {
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

}  // namespace martlet
