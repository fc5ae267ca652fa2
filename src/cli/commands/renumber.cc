// Two branches took the same number: the one that is not applied anywhere gets a new one.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/registry.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/target.h"
#include "cli/target_ledger.h"
#include "migration/layout.h"

namespace martlet {
namespace {

// A row belongs to the file whose text was applied; two files of one version are told apart by that.
bool is_applied(const TargetLedger& target, const Migration& migration) {
  const LedgerRow* row = target.ledger ? target.ledger->find(migration.id) : nullptr;
  if (!row || !row->counts_as_applied()) return false;
  return row->checksum == migration.checksum || row->name == migration.name;
}

std::vector<const Migration*> conflicting(const Folder& folder, const TargetLedger& target) {
  std::map<std::string, std::vector<const Migration*>> by_id;
  for (const Migration& each : folder.migrations) {
    if (each.kind == MigrationKind::versioned) by_id[each.id].push_back(&each);
  }
  std::vector<const Migration*> movable;
  for (auto& [id, same] : by_id) {
    if (same.size() < 2) continue;
    // One stays: the applied one, else the first by file name.
    std::stable_sort(same.begin(), same.end(), [&](const Migration* a, const Migration* b) {
      return is_applied(target, *a) != is_applied(target, *b) ? is_applied(target, *a) : a->file < b->file;
    });
    movable.insert(movable.end(), same.begin() + 1, same.end());
  }
  return movable;
}

std::vector<const Migration*> named(const Folder& folder, const std::string& name) {
  std::vector<const Migration*> found;
  for (const Migration& each : folder.migrations) {
    if (each.kind != MigrationKind::versioned) continue;
    if (each.file == name || each.file.ends_with("/" + name) || each.version == name || each.label == name)
      found.push_back(&each);
  }
  if (found.empty())
    throw Error(ErrorKind::usage, fmt::format("no migration \"{}\" in {}", name, folder.path))
        .next("name it by its version or its file");
  if (found.size() > 1)
    throw Error(ErrorKind::usage, fmt::format("{} is the version of {} files", name, found.size()))
        .with_detail(found[0]->file + "\n" + found[1]->file)
        .next("name the file that shall move, or name nothing to move all but one");
  return found;
}

// The next number of the sequence, as wide as the newest one is written.
std::string next_version(const Folder& folder) {
  std::string newest = "0";
  for (const Migration& each : folder.migrations) {
    if (each.kind == MigrationKind::versioned && natural_less(newest, each.version)) newest = each.version;
  }
  std::size_t digits = newest.size();
  while (digits > 0 && newest[digits - 1] >= '0' && newest[digits - 1] <= '9') --digits;
  const std::string number = newest.substr(digits);
  if (number.empty() || number.size() > 18)
    throw Error(ErrorKind::usage, fmt::format("cannot count on from version \"{}\"", newest)).next("say --to VERSION");
  return fmt::format("{}{:0{}}", newest.substr(0, digits), std::stoll(number) + 1, number.size());
}

void refuse_applied(const TargetLedger& target, const Migration& migration) {
  if (!is_applied(target, migration)) return;
  throw Error(ErrorKind::validation, fmt::format("{} is applied and keeps its number", migration.label))
      .at({migration.file})
      .leaves("nothing was changed")
      .next("renumber the one that is not applied");
}

int run(Context& context) {
  const FolderOptions options = folder_options(context.config);
  const TargetLedger target = read_target_ledger(context.config);
  if (!target.ledger) context.output.warn("whether it is applied could not be checked: " + target.why_not);

  Folder folder = read_folder(options);
  const std::string name = context.arguments.positional(0);
  const std::string to = context.arguments.text("to");
  std::vector<std::string> files;
  for (const Migration* each : name.empty() ? conflicting(folder, target) : named(folder, name)) {
    refuse_applied(target, *each);
    files.push_back(each->file);
  }
  if (!to.empty() && files.size() != 1)
    throw Error(ErrorKind::usage, "--to goes with one migration").next("name the migration that shall move");

  auto& json = context.output.json()["renamed"] = nlohmann::ordered_json::array();
  if (files.empty()) context.output.line("no two migrations have the same version");
  for (const std::string& file : files) {
    const Layout& layout = *Registry<Layout>::find(folder.layout);
    const auto moved = std::find_if(folder.migrations.begin(), folder.migrations.end(),
                                    [&](const Migration& each) { return each.file == file; });
    for (const std::string& path : layout.rename(folder, *moved, to.empty() ? next_version(folder) : to)) {
      json.push_back({{"from", file}, {"to", path}});
      context.output.line(fmt::format("{} → {}", file, path));
    }
    folder = read_folder(options);
  }
  return 0;
}

const Registered<Command> kRenumber{
    {.id = "renumber",
     .summary = "give a migration a new number, when two have the same",
     .details = "Without a name: where several migrations have the same version, all but one move to the end; the one "
                "that is applied stays. An applied migration is never touched.",
     .options = {{"--to", "VERSION", "the new version; default: the next one"}},
     .positionals = {{"MIGRATION", "version or file of the one that moves", Positional::Arity::optional}},
     .examples = {"martlet renumber", "martlet renumber V005__conflict.sql"},
     .run = run}};

}  // namespace
}  // namespace martlet
