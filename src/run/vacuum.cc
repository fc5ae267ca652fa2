#include "run/vacuum.h"

#include <fmt/format.h>

#include "base/text.h"
#include "history/values.h"

namespace martlet {
namespace {

// A handful is not worth it; that is also what taking the lease for this very look leaves behind.
constexpr int kWorthIt = 20;

constexpr std::string_view kQuestion = R"(
  SELECT format('%I.%I', schemaname, relname) FROM pg_catalog.pg_stat_user_tables
  WHERE schemaname = $1 AND relname = ANY (string_to_array($2, ','))
    AND (n_dead_tup >= {least} OR n_mod_since_analyze >= {least})
  ORDER BY 1)";

}  // namespace

std::vector<std::string> vacuum_own_tables(Session& session) {
  std::vector<std::string> tables;
  if (session.dialect() == Dialect::sqlite) return tables;
  Connection& connection = session.connection();
  const Result found = connection.execute(fmt::format(fmt::runtime(kQuestion), fmt::arg("least", kWorthIt)),
                                          {session.names.raw_schema, join(session.names.raw_tables(), ",")});
  for (const Row& row : found.rows) {
    connection.execute("VACUUM (ANALYZE) " + text_of(row[0]));
    tables.push_back(text_of(row[0]));
  }
  return tables;
}

}  // namespace martlet
