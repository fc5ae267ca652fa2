// How many segments of the log wait for the archive command? A full disk of them stops the server.
#include <fmt/format.h>

#include "base/registry.h"
#include "gate/kind.h"
#include "history/values.h"

namespace martlet {
namespace {

GateMeasurement read(GateWorld& world, const Gate& gate) {
  const Result mode = world.ask({"SELECT current_setting('archive_mode'), "
                                 "has_function_privilege('pg_catalog.pg_ls_archive_statusdir()', 'EXECUTE')",
                                 {}},
                                gate.timeout);
  if (text_of(mode.rows[0][0]) == "off") return GateMeasurement::does_not_apply("archive_mode is off");
  if (!truth_of(mode.rows[0][1])) {
    return GateMeasurement::nothing("this role may not look: GRANT pg_monitor to it");
  }
  const Result found =
      world.ask({"SELECT (SELECT count(*) FROM pg_catalog.pg_ls_archive_statusdir() WHERE name LIKE '%.ready'), "
                 "(SELECT last_failed_wal FROM pg_catalog.pg_stat_archiver WHERE last_failed_time > "
                 "coalesce(last_archived_time, '-infinity'))",
                 {}},
                gate.timeout);
  const Row& row = found.rows[0];
  return GateMeasurement::of(static_cast<double>(number_of(row[0])),
                             row[1] ? "archiving " + *row[1] + " failed last" : "");
}

const Registered<BuiltinGate> kGate{{
    .id = "wal_archive",
    .summary = "segments of the write-ahead log that wait to be archived",
    .value = "segments",
    .success = "value < 64",
    .failure = "value >= 256",
    .only = Dialect::postgres,
    .read = read,
}};

}  // namespace
}  // namespace martlet
