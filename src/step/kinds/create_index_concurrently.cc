// CREATE INDEX CONCURRENTLY commits an invalid index first and makes it valid last. What a crash leaves is invalid:
// it costs every write and helps no read, and IF NOT EXISTS would keep it for good.
#include "base/registry.h"
#include "step/catalog.h"
#include "step/cursor.h"
#include "step/step.h"

namespace martlet {
namespace {

std::string prepare(Connection& connection, const Transactionality& traits) {
  const auto index = index_named(connection, relation_oid(connection, traits.table), traits.object);
  if (!index || index->valid) return "";
  refuse_while_built(*index);
  drop_index(connection, *index);
  return "dropped the invalid index " + index->name + ", left by a build that failed earlier";
}

std::string before(Connection& connection, const Transactionality& traits) {
  const std::string table = relation_oid(connection, traits.table);
  Cursor cursor;
  cursor.set("table", table);
  cursor.set("index", traits.object);
  cursor.set("before", oid_list(indexes_of(connection, table)));
  return cursor.text();
}

// The indexes that were not there before: the one of that name, or, where the server chose the name, all.
std::vector<IndexFacts> made_since(Connection& connection, const Cursor& cursor) {
  std::vector<IndexFacts> indexes = indexes_of(connection, cursor.get("table"));
  if (!cursor.get("index").empty()) {
    const auto named = index_named(connection, cursor.get("table"), cursor.get("index"));
    indexes = named ? std::vector{*named} : std::vector<IndexFacts>{};
  }
  std::erase_if(indexes, [&](const IndexFacts& index) { return has_oid(cursor.get("before"), index.oid); });
  return indexes;
}

StepOutcome inspect(Connection& connection, const std::string& cursor) {
  const auto made = made_since(connection, Cursor::parse(cursor));
  if (made.empty()) return StepOutcome::not_begun;
  if (made.size() > 1) return StepOutcome::unknown;
  refuse_while_built(made.front());
  return made.front().valid ? StepOutcome::done : StepOutcome::half_done;
}

std::string clean_up(Connection& connection, const std::string& cursor) {
  std::string did;
  for (const IndexFacts& index : made_since(connection, Cursor::parse(cursor))) {
    if (index.valid) continue;
    drop_index(connection, index);
    did = "dropped the invalid index " + index.name + ", left by an interrupted build";
  }
  return did;
}

const Registered<StepKind> kCreateIndexConcurrently{{
    .id = "create-index-concurrently",
    .kind = NonTransactional::create_index_concurrently,
    .prepare = prepare,
    .before = before,
    .inspect = inspect,
    .clean_up = clean_up,
}};

}  // namespace
}  // namespace martlet
