// DETACH PARTITION CONCURRENTLY marks the partition as being detached, commits, waits, and detaches it. Interrupted
// in between it can only be completed, with FINALIZE.
#include "base/registry.h"
#include "step/catalog.h"
#include "step/cursor.h"
#include "step/step.h"

namespace martlet {
namespace {

struct Link {
  bool attached = false, pending = false;
  std::string parent, partition;  // quoted and schema-qualified
};

Link find_link(Connection& connection, const std::string& parent_oid, const std::string& partition_oid) {
  if (parent_oid.empty() || partition_oid.empty()) return {};
  const Result found = connection.execute(
      "SELECT h.inhdetachpending, format('%I.%I', pn.nspname, p.relname), format('%I.%I', cn.nspname, c.relname) "
      "FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent "
      "JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid "
      "JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace "
      "WHERE h.inhparent = $1::oid AND h.inhrelid = $2::oid",
      {parent_oid, partition_oid});
  if (found.rows.empty()) return {};
  const Row& row = found.rows[0];
  return {true, row[0] == "t", row[1].value_or(""), row[2].value_or("")};
}

Link find_link(Connection& connection, const std::string& text) {
  const Cursor cursor = Cursor::parse(text);
  return find_link(connection, cursor.get("parent"), cursor.get("partition"));
}

std::string before(Connection& connection, const Transactionality& traits) {
  Cursor cursor;
  cursor.set("parent", relation_oid(connection, traits.table));
  cursor.set("partition", relation_oid(connection, traits.object));
  const Link link = find_link(connection, cursor.get("parent"), cursor.get("partition"));
  cursor.set("attached", link.attached ? "yes" : "no");
  return cursor.text();
}

StepOutcome inspect(Connection& connection, const std::string& cursor) {
  const Link link = find_link(connection, cursor);
  if (link.pending) return StepOutcome::half_done;
  const bool was_attached = Cursor::parse(cursor).get("attached") == "yes";
  return !link.attached && was_attached ? StepOutcome::done : StepOutcome::not_begun;
}

std::string clean_up(Connection& connection, const std::string& cursor) {
  const Link link = find_link(connection, cursor);
  connection.execute("ALTER TABLE " + link.parent + " DETACH PARTITION " + link.partition + " FINALIZE");
  return "completed the interrupted detaching of " + link.partition + " from " + link.parent;
}

const Registered<StepKind> kDetachPartitionConcurrently{{
    .id = "detach-partition-concurrently",
    .kind = NonTransactional::detach_partition_concurrently,
    .before = before,
    .inspect = inspect,
    .clean_up = clean_up,
}};

}  // namespace
}  // namespace martlet
