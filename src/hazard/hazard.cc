#include "hazard/hazard.h"

#include <algorithm>

#include "effects/search_path.h"

namespace martlet {

bool Case::is_new(ObjectId relation) const {
  if (state.created_in_run.contains(relation)) return true;
  if (before.relation(relation)) return false;
  const Relation* now = catalog.relations.get(relation);
  return !now || !now->assumed;
}

const Relation* Case::relation(const QualifiedName& name) const {
  return by_search_path(session, name, [&](std::string_view schema, std::string_view relation) {
    return before.relation(schema, relation);
  });
}

const Relation* Case::relation(const PgQuery__RangeVar* range) const {
  if (!range) return nullptr;
  const auto known = std::ranges::find(found, range, &std::pair<const PgQuery__RangeVar*, const Relation*>::first);
  if (known != found.end()) return known->second;
  const Relation* relation = this->relation(qualified_name(*range));
  if (relation) found.emplace_back(range, relation);
  return relation;
}

}  // namespace martlet
