#include <fmt/format.h>

#include "db/connection.h"
#include "schema/read/expression_text.h"
#include "schema/read/reading.h"

namespace martlet {
namespace {

std::vector<std::string> role_names(const Reading& reading, const std::vector<ObjectId>& ids) {
  std::vector<std::string> names;
  for (const ObjectId id : ids) names.push_back(id == 0 ? "public" : name_of(reading.roles, id));
  return names;
}

}  // namespace

void read_policies(Reading& reading) {
  reading.each(fmt::format("SELECT oid, polrelid, polname, polcmd, polpermissive, polroles, "
                           "CASE WHEN {0} THEN pg_get_expr(polqual, polrelid) END, "
                           "CASE WHEN {0} THEN pg_get_expr(polwithcheck, polrelid) END FROM pg_policy",
                           reading.readable_query("pg_policy", "pg_policy.oid")),
               [&](const CopiedRow& row) {
                 Relation* relation = reading.relation(row.id(1));
                 if (!relation) return;
                 reading.relation_of.emplace(row.id(0), relation->id);
                 reading.policies.emplace(row.id(0), relation->policies.size());
                 Policy policy{
                     .id = row.id(0), .name = row.text(2), .command = row.letter(3), .permissive = row.flag(4)};
                 policy.roles = role_names(reading, row.ids(5));
                 policy.using_sql = without_parentheses(row.text(6));
                 policy.check_sql = without_parentheses(row.text(7));
                 relation->policies.push_back(std::move(policy));
               });
}

}  // namespace martlet
