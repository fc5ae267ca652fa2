#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"

namespace martlet {
namespace {

constexpr std::size_t kTooMany = 3;

// Takes the table and all that foreign keys and partitions connect it with out of `left`.
void take_connected(const Catalog& catalog, ObjectId first, std::set<ObjectId>& left) {
  std::vector<ObjectId> open{first};
  while (!open.empty()) {
    const ObjectId id = open.back();
    open.pop_back();
    const Relation* table = left.erase(id) > 0 ? catalog.relations.get(id) : nullptr;
    if (!table) continue;
    for (const Constraint& each : table->constraints) open.push_back(each.target);
    open.insert(open.end(), table->referrers.begin(), table->referrers.end());
    open.insert(open.end(), table->children.begin(), table->children.end());
    open.push_back(table->partition.parent);
  }
}

void check_migration(const Migration& migration, const Catalog& catalog, const RunState& state, Findings& found) {
  std::set<ObjectId> left = state.changed_tables;
  std::vector<std::string> names;
  while (!left.empty()) {
    const ObjectId first = *left.begin();
    if (const Relation* table = catalog.relations.get(first)) names.push_back(table->name);
    take_connected(catalog, first, left);
  }
  if (names.size() < kTooMany) return;
  found.add(migration, fmt::format("it changes {} tables that have nothing to do with one another: {}", names.size(),
                                   join(names, ", ")));
}

const Registered<Hazard> kHazard{{
    .id = "many-concerns",
    .severity = Hazard::Severity::info,
    .summary = "one file for several unrelated changes",
    .why = "They succeed, fail and are taken back together, and in one transaction the locks on all of the tables are "
           "held "
           "until the last one is done.",
    .safe_form = "One migration for each concern.",
    .on = {},
    .check = nullptr,
    .check_migration = check_migration,
}};

}  // namespace
}  // namespace martlet
