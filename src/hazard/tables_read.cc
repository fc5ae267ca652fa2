#include "hazard/tables_read.h"

#include <algorithm>

#include "hazard/impact.h"

namespace martlet {

TablesRead tables_read(const Case& at) {
  TablesRead read;
  for (const RelationEffect& each : at.effects.relations) {
    const Relation* table = at.before.relation(each.id);
    if (!each.scan || at.is_new(each.id)) continue;
    read.tables.push_back(table ? sized(at, *table) : each.name);
    read.lock = std::max(read.lock, each.strongest());
  }
  return read;
}

}  // namespace martlet
