// Is autovacuum at work on the table? Its lock is in the way of DDL, and one against wraparound does not give way.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/kind.h"
#include "history/values.h"

namespace martlet {
namespace {

// Without a table only those that do not give way count.
constexpr std::string_view kQuestion = R"(
  SELECT count(*), coalesce(string_agg(query, '; '), '') FROM pg_catalog.pg_stat_activity a
  WHERE backend_type = 'autovacuum worker' AND datname = current_database()
    AND CASE WHEN $1 = '' THEN query LIKE '%to prevent wraparound%'
             ELSE EXISTS (SELECT 1 FROM pg_catalog.pg_locks l
                          WHERE l.pid = a.pid AND l.relation = pg_catalog.to_regclass($1)) END)";

GateMeasurement read(GateWorld& world, const Gate& gate) {
  if (!gate.table.empty()) {
    const Result exists = world.ask({"SELECT pg_catalog.to_regclass($1) IS NOT NULL", {gate.table}}, gate.timeout);
    if (!truth_of(exists.rows[0][0])) return GateMeasurement::nothing(fmt::format("there is no table {}", gate.table));
  }
  const Result found = world.ask({std::string(kQuestion), {gate.table}}, gate.timeout);
  return GateMeasurement::of(static_cast<double>(number_of(found.rows[0][0])), text_of(found.rows[0][1]));
}

const Registered<BuiltinGate> kGate{{
    .id = "autovacuum",
    .summary = "autovacuum workers at work on `table`; without one, those against wraparound, which do not give way",
    .value = "workers",
    .success = "value == 0",
    .failure = "",
    .only = Dialect::postgres,
    .takes = {"table"},
    .read = read,
}};

}  // namespace
}  // namespace martlet
