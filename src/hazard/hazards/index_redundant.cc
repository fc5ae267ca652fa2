#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"
#include "schema/index_cover.h"

namespace martlet {
namespace {

void compare(const Case& at, const Relation& made, const Relation& other, Findings& found) {
  const std::string name = QualifiedName{"", made.name}.text();
  const std::string other_name = QualifiedName{"", other.name}.text();
  if (does_all_of(*other.index, *made.index)) {
    HazardFinding& finding =
        found.add(at, fmt::format("{} does nothing that {} does not do already", name, other_name));
    finding.object = made.id;
    finding.finding.next = "leave it out";
  } else if (does_all_of(*made.index, *other.index)) {
    HazardFinding& finding = found.add(at, fmt::format("{} makes {} superfluous", name, other_name));
    finding.object = other.id;
    found.offer(finding, at, at.before.relation(made.index->table));
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
    .recipe = "replace-index",
    .on = {PG_QUERY__NODE__NODE_INDEX_STMT, PG_QUERY__NODE__NODE_ALTER_TABLE_STMT, PG_QUERY__NODE__NODE_CREATE_STMT},
    .check = check,
    .finish = finish,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
