#include "run/applied_row.h"

namespace martlet {

AppliedMigration applied_row(const Migration& migration, LedgerState state, long long order, const Identity& who) {
  AppliedMigration applied;
  applied.row = {.id = migration.id,
                 .version = migration.version,
                 .name = migration.name,
                 .kind = std::string(kind_name(migration.kind)),
                 .layout = migration.layout,
                 .checksum = migration.checksum,
                 .state = state,
                 .installed_order = order,
                 .actor = who.actor,
                 .host = who.host,
                 .ci = who.ci,
                 .ticket = who.ticket.empty() ? migration.ticket() : who.ticket,
                 .run_id = who.run_id,
                 .tool_version = MARTLET_VERSION};
  applied.up_sql = migration.up.text;
  if (migration.down) applied.down_sql = migration.down->text;
  return applied;
}

}  // namespace martlet
