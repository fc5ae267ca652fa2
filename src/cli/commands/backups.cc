#include <fmt/format.h>

#include "backup/name.h"
#include "backup/verify.h"
#include "base/registry.h"
#include "base/text.h"
#include "cli/backup_settings.h"
#include "cli/command_alerts.h"
#include "cli/expire_backups.h"
#include "cli/output.h"
#include "cli/target.h"

namespace martlet {
namespace {

std::string needed(Context& context, std::size_t at, std::string_view what) {
  std::string text = context.arguments.positional(at);
  if (!text.empty()) return text;
  throw Error(ErrorKind::usage, fmt::format("backups {} needs {}", context.arguments.positional(0), what))
      .next("`martlet help backups` shows how it is called");
}

std::string proof_of(const BackupInfo& info) {
  const auto proven = info.notes.proven();
  if (proven) return std::string(level_name(*proven));
  return info.notes.verifications.empty() ? "" : "failed";
}

int list(Context& context) {
  auto& json = context.output.json()["backups"] = nlohmann::ordered_json::array();
  std::vector<std::vector<Cell>> rows;
  for (const BackupInfo& info : list_backups(backup_settings(context.config).store)) {
    json.push_back(to_json(info));
    if (!info.unreadable.empty()) {
      rows.push_back({{info.file, Style::bad}, {show_bytes(info.size)}, {}, {}, {info.unreadable, Style::bad}, {}});
      continue;
    }
    const std::string proof = proof_of(info);
    rows.push_back({{info.file, Style::strong},
                    {show_bytes(info.size)},
                    {info.header.version},
                    {info.header.purpose},
                    {proof, proof == "failed" ? Style::bad : Style::good},
                    {info.notes.pinned.empty() ? "" : "pinned: " + info.notes.pinned}});
  }
  if (rows.empty()) {
    context.output.line("there are no backups yet: `martlet backup` takes one");
  } else {
    context.output.table({"backup", "size", "version", "purpose", "verified", ""}, rows);
  }
  return 0;
}

int show(Context& context) {
  const BackupSettings settings = backup_settings(context.config);
  const BackupInfo info = find_backup(settings.store, needed(context, 1, "the name of a backup"));
  nlohmann::ordered_json json = to_json(info);
  for (const auto& [key, value] : json.items()) {
    if (!value.is_array())
      context.output.line(fmt::format("{:16} {}", key, value.is_string() ? value.get<std::string>() : value.dump()));
  }
  const Contents contents = read_manifest(settings, info.file).contents;
  auto& tables = json["tables"] = nlohmann::ordered_json::array();
  std::vector<std::vector<Cell>> rows;
  for (const TableContent& table : contents.tables) {
    const std::string name = table.schema.empty() ? table.name : table.schema + "." + table.name;
    tables.push_back({{"table", name}, {"rows", table.sum.rows}, {"sum", table.sum.text()}});
    rows.push_back({{name, Style::strong}, {std::to_string(table.sum.rows)}, {table.sum.text(), Style::dim}});
  }
  if (!rows.empty()) context.output.table({"table", "rows", "sum"}, rows);
  context.output.json()["backup"] = json;
  return 0;
}

int verify(Context& context) {
  BackupSettings settings = backup_settings(context.config);
  const BackupInfo info = find_backup(settings.store, needed(context, 1, "the name of a backup"));
  const VerifyOptions options = verify_options(context.config, context.arguments.text("level"));
  if (options.level != VerifyLevel::structure) target_url(context.config);  // which kind of scratch database
  const Verification outcome = verify_backup(settings, info.file, options);
  context.output.json()["backup"] = info.file;
  context.output.json()["verification"] = to_json(outcome);
  if (outcome.good) {
    context.output.line(fmt::format("{}: {} is as it was when it was taken", info.file, level_name(outcome.level)),
                        Style::good);
    return 0;
  }
  const std::string why = fmt::format("{} is not good: {}", info.file, outcome.problems.front());
  CommandAlerts(context, "backups verify", settings.who).note({.kind = EventKind::backup_failed, .text = why});
  throw Error(ErrorKind::validation, why)
      .with_detail(join({outcome.problems.begin() + 1, outcome.problems.end()}, "\n"))
      .next("take a new backup now, and keep this one out of use");
}

int pin(Context& context) {
  const StoreOptions store = backup_settings(context.config).store;
  const BackupInfo info = find_backup(store, needed(context, 1, "the name of a backup"));
  const bool removes = context.arguments.has("remove");
  const std::string reason = context.arguments.text("reason");
  pin_backup(store, info.file, removes ? "" : reason.empty() ? "by " + target_identity(context.config).actor : reason);
  context.output.json()["backup"] = info.file;
  context.output.line(
      fmt::format("{} {}", info.file, removes ? "is not pinned any more" : "is pinned: it does not expire"));
  return 0;
}

int fetch(Context& context) {
  const StoreOptions store = backup_settings(context.config).store;
  const BackupInfo info = find_backup(store, needed(context, 1, "the name of a backup"));
  const std::string to = context.arguments.positional(2).empty() ? info.file : context.arguments.positional(2);
  fetch_backup(store, info.file, to);
  context.output.json()["file"] = to;
  context.output.line(fmt::format("{} ({})", to, show_bytes(info.size)), Style::good);
  return 0;
}

int expire(Context& context) {
  const bool dry = context.arguments.has("dry-run");
  auto& json = context.output.json()["backups"] = nlohmann::ordered_json::array();
  std::vector<std::vector<Cell>> rows;
  for (const RetentionVerdict& verdict : expire_backups(context.config, dry ? Expiry::looked_at : Expiry::done)) {
    json.push_back({{"file", verdict.file}, {"keep", verdict.keep}, {"reason", verdict.reason}});
    const std::string_view word = verdict.keep ? "stays" : dry ? "would go" : "removed";
    rows.push_back({{verdict.file, Style::strong},
                    {std::string(word), verdict.keep ? Style::plain : Style::warning},
                    {verdict.reason, Style::dim}});
  }
  if (!rows.empty()) context.output.table({}, rows);
  return 0;
}

struct Action {
  std::string_view name;
  int (*run)(Context&);
};

constexpr Action kActions[] = {{"list", list}, {"show", show},     {"verify", verify},
                               {"pin", pin},   {"expire", expire}, {"fetch", fetch}};

int run(Context& context) {
  const std::string wanted = context.arguments.positional(0).empty() ? "list" : context.arguments.positional(0);
  std::vector<std::string> names;
  for (const Action& action : kActions) {
    names.emplace_back(action.name);
    if (action.name == wanted) return action.run(context);
  }
  const auto meant = nearest(wanted, names);
  throw Error(ErrorKind::usage, fmt::format("backups has no \"{}\"", wanted))
      .next(meant ? fmt::format("did you mean `martlet backups {}`?", *meant) : "it has: " + join(names, ", "));
}

const Registered<Command> kCommand{{
    .id = "backups",
    .summary = "the backups there are: list, show, verify, pin, expire, fetch",
    .details =
        "list: all of them. show NAME: what is in one, read from its first byte to its last. verify NAME: proves it; "
        "--level structure reads it and compares every digest, restore puts it into a scratch database, content (the "
        "default) also sums the restored rows anew. pin NAME: it does not expire; --remove takes that back. expire: "
        "removes those that no "
        "rule of backup.retention keeps, and what backups that were killed a day ago or earlier have left in a bucket; "
        "--dry-run says why each stays or goes. fetch NAME "
        "[FILE]: copies it here as it is.\n\n"
        "NAME is the file's name, a unique beginning of it, or `latest`.",
    .options = {{"--level", "LEVEL", "of verify: structure, restore or content"},
                {"--reason", "TEXT", "of pin: why"},
                {"-d,--dry-run", "", "of expire: only say what would go"},
                {"--remove", "", "of pin: let it expire again"}},
    .positionals = {{"ACTION", "list, show, verify, pin, expire or fetch", Positional::Arity::optional},
                    {"NAME", "the backup", Positional::Arity::optional},
                    {"FILE", "where fetch puts it", Positional::Arity::optional}},
    .examples = {"martlet backups", "martlet backups verify latest", "martlet backups expire --dry-run",
                 "martlet backups pin latest --reason audit"},
    .run = run,
    .group = "Backups",
}};

}  // namespace
}  // namespace martlet
