// May the role do more than migrations need? What it may not do, no mistake and no stolen password can.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "gate/health.h"
#include "history/values.h"

namespace martlet {
namespace {

// Of session_user: SET ROLE can give up rights for a while, and take them back.
constexpr std::string_view kQuestion = R"(
  SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
         (SELECT string_agg(g.rolname, ', ' ORDER BY g.rolname) FROM pg_catalog.pg_roles g
          WHERE g.rolname IN ('pg_write_server_files', 'pg_read_server_files', 'pg_execute_server_program',
                              'pg_write_all_data', 'pg_database_owner')
            AND NOT r.rolsuper AND pg_has_role(r.oid, g.oid, 'MEMBER')),
         rolname
  FROM pg_catalog.pg_roles r WHERE rolname = session_user)";

HealthResult run(HealthSituation& situation) {
  const Result found = situation.connection().execute(kQuestion);
  const Row& row = found.rows.at(0);
  const std::string role = text_of(row[6]);
  constexpr std::array<std::string_view, 5> kAttributes{"SUPERUSER", "CREATEDB", "CREATEROLE", "REPLICATION",
                                                        "BYPASSRLS"};
  std::vector<std::string> more;
  for (std::size_t i = 0; i < kAttributes.size(); ++i) {
    if (truth_of(row[i])) more.emplace_back(kAttributes[i]);
    if (i == 0 && !more.empty()) break;  // that says it all
  }
  if (row[5]) more.push_back("member of " + *row[5]);
  if (more.empty()) return HealthResult::good(fmt::format("role {} may do no more than migrations need", role));
  return HealthResult::warning(fmt::format("role {} may do more than migrations need: {}", role, join(more, ", ")),
                               "`martlet grant-script` prints the SQL for a role that may not");
}

const Registered<HealthCheck> kCheck{{
    .id = "least-privilege",
    .summary = "the role may do no more than migrations need",
    .asked_by = AskedBy::doctor,
    .only = Dialect::postgres,
    .run = run,
}};

}  // namespace
}  // namespace martlet
