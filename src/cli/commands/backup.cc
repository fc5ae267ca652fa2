#include <fmt/format.h>

#include "base/duration.h"
#include "base/registry.h"
#include "cli/backup_settings.h"
#include "cli/command_alerts.h"
#include "cli/output.h"
#include "cli/target.h"

namespace martlet {
namespace {

BackupInfo take(Context& context, const BackupSettings& settings, const BackupRequest& request) {
  CommandAlerts alerts(context, "backup", settings.who);
  try {
    return take_backup(settings, request);
  } catch (const Error& error) {
    if (error.kind != ErrorKind::cancelled) alerts.note({.kind = EventKind::backup_failed, .text = error.message});
    throw;
  }
}

int run(Context& context) {
  const std::string type = context.arguments.positional(0);
  BackupRequest request;
  request.type = type_from(type.empty() ? "full" : type);
  request.name = context.config.text("backup.name");
  if (request.name.starts_with(kPreMigration)) request.purpose = kPreMigration;  // the word of migration scripts
  request.sums = !context.arguments.has("no-sums");
  BackupSettings settings = backup_settings(context.config);
  target_url(context.config);  // says what to set where there is none
  BackupProgressLine line(context.output, "backup");
  settings.progress = line.callback();

  const auto begun = std::chrono::steady_clock::now();
  const BackupInfo info = take(context, settings, request);
  const auto took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begun);
  context.output.json()["backup"] = to_json(info);
  context.output.json()["duration_ms"] = took.count();
  context.output.line(fmt::format("{} ({}, {}{})", info.file, show_bytes(info.size), show_duration(took),
                                  info.header.encryption ? ", encrypted" : ""),
                      Style::good);
  return 0;
}

const Registered<Command> kCommand{{
    .id = "backup",
    .summary = "take a backup: full, schema or data",
    .details =
        "One file in backup.dir, <environment>_backup_<type>_<date>_<time>[_<name>].mbk, mode 0600, which appears when "
        "it "
        "is complete. PostgreSQL is read by pg_dump in one snapshot, SQLite by its online backup; the application goes "
        "on meanwhile. The file is compressed and, with backup.key_file or backup.passphrase, encrypted; it holds the "
        "number of rows and two sums for every table, with which `martlet backups verify` proves what a restore "
        "gives.\n\n"
        "Owners and privileges are left out unless backup.with_owner says otherwise.",
    .options = {{"--name", "NAME", "a word for the file's name, behind the time (also BACKUP_NAME)", "backup.name"},
                {"--no-sums", "", "do not sum the rows: nothing can be compared with them later"}},
    .positionals = {{"TYPE", "full (default), schema or data", Positional::Arity::optional}},
    .examples = {"martlet backup", "martlet backup schema --name before-release",
                 "martlet --env production backup full"},
    .run = run,
    .group = "Backups",
}};

}  // namespace
}  // namespace martlet
