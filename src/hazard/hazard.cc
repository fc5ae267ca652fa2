#include "hazard/hazard.h"

namespace martlet {

bool Case::is_new(ObjectId relation) const {
  if (state.created_in_run.contains(relation)) return true;
  if (before.relation(relation)) return false;
  const Relation* now = catalog.relations.get(relation);
  return !now || !now->assumed;
}

}  // namespace martlet
