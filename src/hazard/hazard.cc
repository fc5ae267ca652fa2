#include "hazard/hazard.h"

namespace martlet {

bool Case::is_new(ObjectId relation) const {
  return state.created_in_run.contains(relation) || before.relation(relation) == nullptr;
}

}  // namespace martlet
