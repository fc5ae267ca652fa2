#include "effects/alter_table/typed_tables.h"

#include <fmt/format.h>

#include <algorithm>

namespace martlet {

void queue_typed_tables(const AlterStep& step) {
  const Relation& type = step.relation();
  if (type.kind != RelationKind::composite_type || !type.row_type) return;
  std::vector<ObjectId> tables;
  step.execution().catalog.relations.each_of_users([&](const Relation& each) {
    if (each.of_type == type.row_type) tables.push_back(each.id);
  });
  if (tables.empty()) return;
  if (step.command.behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) {
    step.fail("2BP01", fmt::format("cannot alter type \"{}\" because it is the type of a typed table", type.name));
  }
  std::ranges::sort(tables);
  for (const ObjectId table : tables) {
    step.execution().lock(table, step.alter.lock);
    step.alter.prepare(step.action, step.command, table, true, true);
  }
}

}  // namespace martlet
