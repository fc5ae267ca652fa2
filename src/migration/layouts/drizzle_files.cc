#include "migration/layouts/drizzle_files.h"

#include <fmt/format.h>

#include <filesystem>

#include "migration/layouts/drizzle_journal.h"
#include "migration/load.h"
#include "migration/rollbacks.h"
#include "migration/scaffold.h"
#include "migration/version.h"

namespace martlet::drizzle {
namespace {

bool is_folder_script(const Migration& migration) {
  return base_name(migration.file) == "migration.sql";
}

bool has_folders(const Folder& folder) {
  return !folder.migrations.empty() && is_folder_script(folder.migrations.back());
}

long last_index(const Folder& folder) {
  long last = -1;
  for (const Migration& migration : folder.migrations) last = std::max(last, sequence_number(migration.version));
  return last;
}

// Where the project keeps its down files already; beside the folder if nowhere.
std::string rollback_folder(const Folder& folder) {
  for (const Migration& migration : folder.migrations) {
    if (migration.down && migration.down->file != migration.file) return std::string(parent_of(migration.down->file));
  }
  const std::string inside = in_folder(folder, "rollbacks");
  return std::filesystem::is_directory(inside) ? inside : in_folder(folder, "../rollbacks");
}

}  // namespace

std::vector<std::string> create(const Folder& folder, const NewMigration& wanted) {
  refuse_repeatable(folder, wanted);
  const bool folders = has_folders(folder);
  const std::string version = wanted.timestamp || (folders && !wanted.sequential)
                                  ? timestamp_now()
                                  : number_like("0000", last_index(folder) + 1);
  const std::string tag = fmt::format("{}_{}", version, slug_of(wanted.name));
  const bool as_folder = folders && version.size() > 4;
  const std::string up = in_folder(folder, as_folder ? tag + "/migration.sql" : tag + ".sql");
  const std::string down = fmt::format("{}/{}_rollback.sql", rollback_folder(folder), version);
  write_new_file(up, scaffold_up(wanted, "The statements that take it back belong in " + down + "."));
  write_new_file(down, scaffold_down(wanted));
  const std::string journal = in_folder(folder, kJournalFile);
  if (!as_folder && (std::filesystem::exists(journal) || folder.migrations.empty())) append_to_journal(journal, tag);
  return {up, down};
}

std::vector<std::string> rename(const Folder& folder, const Migration& migration, const std::string& version) {
  std::vector<std::pair<std::string, std::string>> moves;
  const auto renamed = [&](std::string_view path) {
    return fmt::format("{}/{}{}", parent_of(path), version, base_name(path).substr(migration.version.size()));
  };
  const std::string unit = is_folder_script(migration) ? std::string(parent_of(migration.file)) : migration.file;
  moves.emplace_back(unit, renamed(unit));
  if (migration.down && migration.down->file != migration.file) {
    moves.emplace_back(migration.down->file, renamed(migration.down->file));
  }
  const std::string snapshot = in_folder(folder, fmt::format("meta/{}_snapshot.json", migration.version));
  if (std::filesystem::exists(snapshot)) moves.emplace_back(snapshot, renamed(snapshot));
  std::vector<std::string> paths = rename_files(moves);
  const std::string journal = in_folder(folder, kJournalFile);
  if (unit == migration.file && std::filesystem::exists(journal)) {
    rename_in_journal(journal, std::string(stem_of(unit)), std::string(stem_of(paths.front())));
  }
  return paths;
}

}  // namespace martlet::drizzle
