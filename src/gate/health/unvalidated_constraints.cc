// Constraints that hold for new rows only: NOT VALID was written, VALIDATE CONSTRAINT not yet run.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/health.h"
#include "gate/listing.h"
#include "history/values.h"

namespace martlet {
namespace {

// PostgreSQL 18 has constraints that are NOT ENFORCED on purpose: older catalogs lack the column.
constexpr std::string_view kQuestion = R"(
  SELECT CASE WHEN c.contypid <> 0 THEN 'DOMAIN ' || c.contypid::regtype::text
              ELSE 'TABLE ' || c.conrelid::regclass::text END,
         quote_ident(c.conname), pg_get_constraintdef(c.oid)
  FROM pg_catalog.pg_constraint c
  WHERE NOT c.convalidated AND coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true)
  ORDER BY 1, 2)";

HealthResult run(HealthSituation& situation) {
  std::vector<std::string> details;
  std::string first;
  for (const Row& row : situation.connection().execute(kQuestion).rows) {
    if (first.empty()) first = fmt::format("ALTER {} VALIDATE CONSTRAINT {}", text_of(row[0]), text_of(row[1]));
    details.push_back(fmt::format("{} {}: {}", text_of(row[0]), text_of(row[1]), text_of(row[2])));
  }
  if (details.empty()) return HealthResult::good("none");
  return HealthResult::warning(fmt::format("{} not checked for the rows that were there before",
                                           counted(details.size(), "constraint is", "constraints are")),
                               fmt::format("validate them in a migration: {};", first), shortened(std::move(details)));
}

const Registered<HealthCheck> kCheck{{
    .id = "unvalidated-constraints",
    .summary = "every constraint was validated",
    .asked_by = AskedBy::verify,
    .topic = HealthTopic::catalog,
    .only = Dialect::postgres,
    .run = run,
}};

}  // namespace
}  // namespace martlet
