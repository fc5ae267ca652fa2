#include "effects/figures.h"

namespace martlet {

Figures::Figures(Connection& database) {
  const Result read = database.execute(
      "SELECT array_agg(oid), array_agg(relpages), array_agg(reltuples), array_agg(relallvisible),"
      "       current_setting('is_superuser') = 'on'"
      "  FROM pg_catalog.pg_class");
  columns_ = read.rows.at(0);
  may_write_ = columns_.back() == "t";
  columns_.pop_back();
}

void Figures::put_back(Connection& database) const {
  if (!may_write_) return;
  database.execute(
      "UPDATE pg_catalog.pg_class c"
      "   SET relpages = was.pages, reltuples = was.tuples, relallvisible = was.visible"
      "  FROM unnest($1::oid[], $2::int[], $3::real[], $4::int[]) was (id, pages, tuples, visible)"
      " WHERE c.oid = was.id"
      "   AND (c.relpages, c.reltuples, c.relallvisible) IS DISTINCT FROM (was.pages, was.tuples, was.visible)",
      columns_);
}

}  // namespace martlet
