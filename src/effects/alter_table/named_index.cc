#include "effects/alter_table/named_index.h"

#include <fmt/format.h>

namespace martlet {

ObjectId named_index(const AlterStep& step, std::string_view name) {
  const Relation& table = step.relation();
  const Relation* index = step.execution().catalog.relations.find(table.schema, name);
  if (!index && table.columns_unknown) {
    step.execution().assume(fmt::format("{} has an index {}", table.name, name));
    return 0;
  }
  if (!index) step.fail("42704", fmt::format("index \"{}\" for table \"{}\" does not exist", name, table.name));
  if (!index->index || index->index->table != step.table) {
    step.fail("42809", fmt::format("\"{}\" is not an index for table \"{}\"", name, table.name));
  }
  return index->id;
}

}  // namespace martlet
