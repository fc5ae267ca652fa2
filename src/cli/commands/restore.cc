#include "base/registry.h"
#include "cli/restore_command.h"

namespace martlet {
namespace {

int run(Context& context) {
  return restore_from(context, context.arguments.positional(0));
}

const Registered<Command> kCommand{{
    .id = "restore",
    .summary = "put a backup in place of the database",
    .details =
        "The backup becomes a new database, its rows are summed and compared with what was backed up, and only then "
        "the "
        "two change names in one step; sessions on the old one are ended. The old database is kept as "
        "NAME_before_restore_<date>_<time>. With --to the new one is migrated up to a version first. A failure or a "
        "crash "
        "at any point leaves the database as it was.\n\n"
        "BACKUP is the name of a backup in backup.dir (a unique beginning will do, or `latest`), or a path: of a "
        "backup, "
        "of a .sql file, of pg_dump's custom format, of a SQLite database. Such foreign files are restored the same "
        "way, "
        "but there are no sums to compare with.\n\n"
        "What was written since the backup is only in the old database. On a protected environment --yes and --reason "
        "are needed. SQLite: stop the programs that have the file open; martlet sees only those that are using it.",
    .options = {{"--to", "VERSION", "migrate up to and including this version before it is put in place"},
                {"-j,--jobs", "N", "let pg_restore work N-fold, from a temporary file (mode 0600)"},
                {"--verify", "LEVEL", "content (default): compare every sum; structure: only the digests of the file"},
                {"--reason", "TEXT", "why; it is recorded"}},
    .positionals = {{"BACKUP", "its name, or the path of a file"}},
    .examples = {"martlet restore latest", "martlet restore prod_backup_full_20250903_151230 --to 012",
                 "martlet --env production restore latest --yes --reason \"ticket OPS-7\"", "martlet restore dump.sql"},
    .run = run,
    .group = "Backups",
}};

}  // namespace
}  // namespace martlet
