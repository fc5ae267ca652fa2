#include <fmt/format.h>

#include "db/connection.h"
#include "schema/read/expression_text.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

void take_parent(Reading& reading, const CopiedRow& row) {
  Relation* child = reading.relation(row.id(0));
  const Relation* parent = reading.relation(row.id(1));
  if (!child || !parent) return;
  if (child->index) {
    child->index->parent = parent->id;
  } else if (parent->kind == RelationKind::partitioned_table) {
    child->partition.parent = parent->id;
    child->partition.detach_pending = row.flag(2);
  } else {
    child->inherits.push_back(parent->id);
  }
}

}  // namespace

void read_inheritance(Reading& reading) {
  const std::string parents = fmt::format("SELECT inhrelid, inhparent, {} FROM pg_inherits ORDER BY inhrelid, inhseqno",
                                          reading.from(140000, "inhdetachpending", "false"));
  reading.each(parents, [&](const CopiedRow& row) { take_parent(reading, row); });
  reading.each(
      fmt::format(
          "SELECT partrelid, partstrat, partdefid, partattrs, CASE WHEN {} THEN pg_get_expr(partexprs, partrelid) "
          "END FROM pg_partitioned_table",
          reading.readable("partrelid")),
      [&](const CopiedRow& row) {
        Relation* relation = reading.relation(row.id(0));
        if (!relation) return;
        relation->partition.strategy = row.letter(1);
        relation->partition.default_partition = row.id(2);
        relation->partition.key_columns = row.integers(3);
        relation->partition.key_expressions = split_expressions(row.text(4));
      });
}

}  // namespace martlet
