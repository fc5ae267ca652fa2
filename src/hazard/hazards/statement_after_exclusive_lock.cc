#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

bool is_work(const Case& at, const RelationEffect& effect) {
  return (effect.scan || effect.rewrite || effect.rebuilt) && !at.is_new(effect.id);
}

// Changed rows are another hazard's: ddl-with-backfill.
bool changes_rows(const Node& node) {
  return node.node_case == PG_QUERY__NODE__NODE_INSERT_STMT || node.node_case == PG_QUERY__NODE__NODE_UPDATE_STMT ||
         node.node_case == PG_QUERY__NODE__NODE_DELETE_STMT || node.node_case == PG_QUERY__NODE__NODE_MERGE_STMT;
}

// One that readers wait for because of an earlier statement, not because of this one; the oldest, so that the answer is
// always the same.
const Relation* locked_before(const Case& at) {
  const Relation* oldest = nullptr;
  for (const ObjectId id : at.state.exclusively_locked) {
    const Relation* relation = at.catalog.relations.get(id);
    if (!relation || relation->is_index() || relation->kind == RelationKind::sequence) continue;
    const RelationEffect* own = at.effects.on(id);
    if (own && own->strongest() == LockMode::access_exclusive) continue;
    if (!oldest || relation->id < oldest->id) oldest = relation;
  }
  return oldest;
}

void check(const Case& at, Findings& found) {
  if (at.state.exclusively_locked.empty() || !at.node || changes_rows(*at.node)) return;
  const auto work = std::ranges::find_if(at.effects.relations, [&](const auto& each) { return is_work(at, each); });
  if (work == at.effects.relations.end()) return;
  const Relation* locked = locked_before(at);
  const Relation* read = at.catalog.relations.get(work->id);
  if (!locked || !read) return;
  HazardFinding& finding = found.add(
      at, fmt::format("{} {} while nobody can read {}, which an earlier statement of the transaction has locked",
                      work->rewrite || work->rebuilt ? "writes all of" : "reads all of", shown(*read), shown(*locked)));
  finding.relations = {shown(*locked)};
  found.offer(finding, at, locked);
}

const Registered<Hazard> kHazard{{
    .id = "statement-after-exclusive-lock",
    .severity = Hazard::Severity::error,
    .summary = "work that takes time behind an exclusive lock in the same transaction",
    .why = "A lock is held until the transaction ends. An ALTER TABLE that would have taken a millisecond keeps every "
           "reader and writer of its table waiting for as long as the statements behind it take, also where those "
           "lock nothing that matters themselves.",
    .safe_form = "Put what takes time into a migration of its own, before or after.",
    .recipe = "own-transaction",
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
