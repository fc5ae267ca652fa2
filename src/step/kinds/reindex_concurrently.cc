// REINDEX CONCURRENTLY builds …_ccnew beside each index, swaps the names and drops …_ccold. Interrupted, it leaves
// invalid ones of either name; the indexes in use stay sound, so after cleaning up it is run again.
#include "base/registry.h"
#include "base/text.h"
#include "step/catalog.h"
#include "step/cursor.h"
#include "step/step.h"

namespace martlet {
namespace {

std::string before(Connection& connection, const Transactionality& traits) {
  Cursor cursor;
  cursor.set("object", traits.object);
  cursor.set("oid", relation_oid(connection, traits.object));
  cursor.set("before", oid_list(reindex_leftovers(connection)));
  return cursor.text();
}

std::vector<IndexFacts> left_since(Connection& connection, const Cursor& cursor) {
  auto left = reindex_leftovers(connection);
  std::erase_if(left, [&](const IndexFacts& index) { return has_oid(cursor.get("before"), index.oid); });
  return left;
}

StepOutcome inspect(Connection& connection, const std::string& text) {
  const Cursor cursor = Cursor::parse(text);
  if (!left_since(connection, cursor).empty()) return StepOutcome::half_done;
  const std::string was = cursor.get("oid");
  // The index of that name is another one now: the names were swapped, and the old index is gone.
  const bool swapped = !was.empty() && relation_oid(connection, cursor.get("object")) != was;
  return swapped ? StepOutcome::done : StepOutcome::not_begun;
}

std::string clean_up(Connection& connection, const std::string& cursor) {
  std::vector<std::string> dropped;
  for (const IndexFacts& index : left_since(connection, Cursor::parse(cursor))) {
    drop_index(connection, index);
    dropped.push_back(index.name);
  }
  return "dropped what an interrupted REINDEX CONCURRENTLY left: " + join(dropped, ", ");
}

const Registered<StepKind> kReindexConcurrently{{
    .id = "reindex-concurrently",
    .kind = NonTransactional::reindex_concurrently,
    .before = before,
    .inspect = inspect,
    .clean_up = clean_up,
}};

}  // namespace
}  // namespace martlet
