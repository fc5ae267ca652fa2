// How many transactions ago did the oldest snapshot begin that anybody still holds? What was deleted since then cannot
// be vacuumed: a backfill that goes on leaves bloat.
#include "base/registry.h"
#include "history/values.h"
#include "watch/probe.h"

namespace martlet {
namespace {

constexpr std::string_view kQuestion = R"(
  SELECT age, what FROM (
    SELECT age(backend_xmin) AS age, 'pid ' || pid || ' (' || coalesce(application_name, '') || ')' AS what
    FROM pg_catalog.pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_catalog.pg_backend_pid()
    UNION ALL SELECT age(transaction), 'prepared transaction ' || gid FROM pg_catalog.pg_prepared_xacts
    UNION ALL SELECT greatest(age(xmin), age(catalog_xmin)), 'replication slot ' || slot_name
    FROM pg_catalog.pg_replication_slots) held
  WHERE age IS NOT NULL ORDER BY age DESC LIMIT 1)";

class XminAge : public ProbeRun {
 public:
  ProbeReading read(Connection& server) override {
    const Result found = server.execute(kQuestion);
    if (found.rows.empty()) return {.value = 0, .about = "nobody holds a snapshot"};
    return {.value = static_cast<double>(number_of(found.rows[0][0])), .about = text_of(found.rows[0][1])};
  }
};

const Registered<Probe> kProbe{{
    .id = "xmin_age",
    .summary = "age of the oldest snapshot, in transactions",
    .unit = ProbeUnit::number,
    .start = [](const ProbeSettings&) -> std::unique_ptr<ProbeRun> { return std::make_unique<XminAge>(); },
}};

}  // namespace
}  // namespace martlet
