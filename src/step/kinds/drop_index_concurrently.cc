// DROP INDEX CONCURRENTLY marks the index invalid and dead before it is gone; running it again finishes the job.
#include "base/registry.h"
#include "step/catalog.h"
#include "step/cursor.h"
#include "step/step.h"

namespace martlet {
namespace {

std::string before(Connection& connection, const Transactionality& traits) {
  Cursor cursor;
  cursor.set("index", relation_oid(connection, traits.object));
  return cursor.text();
}

StepOutcome inspect(Connection& connection, const std::string& cursor) {
  const std::string oid = Cursor::parse(cursor).get("index");
  if (oid.empty()) return StepOutcome::not_begun;
  const Result found = connection.execute("SELECT 1 FROM pg_catalog.pg_class WHERE oid = $1::oid", {oid});
  return found.rows.empty() ? StepOutcome::done : StepOutcome::not_begun;
}

const Registered<StepKind> kDropIndexConcurrently{{
    .id = "drop-index-concurrently",
    .kind = NonTransactional::drop_index_concurrently,
    .before = before,
    .inspect = inspect,
}};

}  // namespace
}  // namespace martlet
