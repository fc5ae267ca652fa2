#include "hazard/hazard.h"

namespace martlet {
namespace {

template <class Find>
const Relation* by_search_path(const SessionState& session, const QualifiedName& name, const Find& find) {
  if (!name.schema.empty()) return find(name.schema, name.name);
  for (const std::string_view implicit : {"pg_temp", "pg_catalog"}) {
    if (const Relation* found = find(implicit, name.name)) return found;
  }
  for (const std::string& schema : session.search_path) {
    if (const Relation* found = find(schema == "$user" ? session.user : schema, name.name)) return found;
  }
  return nullptr;
}

}  // namespace

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
  return range ? relation(qualified_name(*range)) : nullptr;
}

}  // namespace martlet
