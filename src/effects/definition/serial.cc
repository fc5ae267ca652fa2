#include "effects/definition/serial.h"

#include <algorithm>

#include "effects/definition/parts.h"
#include "effects/expression.h"
#include "effects/lookup.h"

namespace martlet {

bool draws_from(Execution& execution, const std::string& default_sql, const Relation& sequence) {
  if (default_sql.find("nextval(") == std::string::npos) return false;
  return std::ranges::any_of(expression_facts(execution, default_sql, nullptr).sequences, [&](const std::string& each) {
    const Relation* named = execution.find_relation(written_name(each));
    return named && named->id == sequence.id;
  });
}

void note_serial(Execution& execution, ObjectId table, int column) {
  const Relation* relation = execution.catalog.relations.get(table);
  const Column* at = relation ? relation->column(column) : nullptr;
  if (!at || at->identity != Column::Identity::none) return;
  ObjectId own = 0;
  for (const ObjectId id : relation->sequences) {
    const Relation* sequence = execution.catalog.relations.get(id);
    const bool owned = sequence && sequence->owned_by.relation == table && sequence->owned_by.column == column;
    if (owned && draws_from(execution, at->default_sql, *sequence)) own = id;
  }
  if (own != at->owned_sequence) execution.catalog.relations.edit(table).column(column)->owned_sequence = own;
}

}  // namespace martlet
