// Supabase's names: 20231223_001_name.sql or 20231223120000_name.sql; rollback/<stem>_down.sql beside them.
#include <fmt/format.h>

#include <filesystem>

#include "base/registry.h"
#include "migration/layout.h"
#include "migration/load.h"
#include "migration/rollbacks.h"
#include "migration/scaffold.h"
#include "migration/version.h"

namespace martlet {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kDateDigits = 8;
constexpr std::size_t kTimestampDigits = 14;

struct Name {
  std::string version;
  std::string description;
};

std::optional<Name> parse(std::string_view stem) {
  const auto digits = std::min(stem.find_first_not_of(kDigits), stem.size());
  if (digits == 0 || digits + 1 >= stem.size() || stem[digits] != '_') return std::nullopt;
  std::size_t version_end = digits;
  if (digits == kDateDigits) {
    const auto end = std::min(stem.find_first_not_of(kDigits, digits + 1), stem.size());
    if (end > digits + 1 && end + 1 < stem.size() && stem[end] == '_') version_end = end;
  }
  return Name{std::string(stem.substr(0, version_end)), std::string(stem.substr(version_end + 1))};
}

bool is_dated(std::string_view version) {
  return std::min(version.find_first_not_of(kDigits), version.size()) >= kDateDigits;
}

std::vector<std::string> claims(const Listing& listing) {
  std::vector<std::string> files;
  for (const std::string& file : listing.files) {
    if (file == "meta/_journal.json") return {};  // drizzle numbers by time as well, if told to
    if (!file.ends_with(".sql") || !parent_of(file).empty()) continue;
    if (const auto name = parse(stem_of(file)); name && is_dated(name->version)) files.push_back(file);
  }
  return files;
}

void read(const Listing& listing, Folder& folder) {
  std::vector<NamedFile> migrations;
  std::vector<std::string> rollbacks;
  for (const std::string& file : listing.files) {
    if (!is_sql(file)) continue;
    const auto name = file.ends_with(".sql") ? parse(stem_of(file)) : std::nullopt;
    if (parent_of(file) == "rollback" || parent_of(file) == "rollbacks") {
      rollbacks.push_back(file);
    } else if (name && parent_of(file).empty()) {
      migrations.push_back({file, name->version, name->version, readable_name(name->description), name->version});
    } else {
      add_unknown_file(folder, file, "the supabase layout does not know this kind of name",
                       "name it like 20231223120000_name.sql or 20231223_001_name.sql, a down part "
                       "rollback/<stem>_down.sql, or move it out of the folder");
    }
  }
  load_migrations(folder, migrations);
  attach_rollback_files(folder, rollbacks, "_down");
}

bool numbers_by_day(const Folder& folder) {
  return !folder.migrations.empty() && folder.migrations.back().version.find('_') == kDateDigits;
}

std::string next_version(const Folder& folder, const NewMigration& wanted) {
  const std::string now = timestamp_now();
  if (wanted.timestamp || !(wanted.sequential || numbers_by_day(folder))) return now.substr(0, kTimestampDigits);
  const std::string day = now.substr(0, kDateDigits) + "_";
  long last = 0;
  for (const Migration& migration : folder.migrations) {
    if (migration.version.starts_with(day))
      last = std::max(last, sequence_number(migration.version.substr(day.size())));
  }
  return day + number_like("001", last + 1);
}

std::vector<std::string> create(const Folder& folder, const NewMigration& wanted) {
  refuse_repeatable(folder, wanted);
  const std::string stem = fmt::format("{}_{}", next_version(folder, wanted), slug_of(wanted.name));
  const std::string down = fmt::format("rollback/{}_down.sql", stem);
  const std::vector<std::string> paths{in_folder(folder, stem + ".sql"), in_folder(folder, down)};
  write_new_file(paths[0], scaffold_up(wanted, "The statements that take it back belong in " + down + "."));
  write_new_file(paths[1], scaffold_down(wanted));
  return paths;
}

std::vector<std::string> rename(const Folder&, const Migration& migration, const std::string& version) {
  std::vector<std::pair<std::string, std::string>> moves;
  const auto move = [&](const std::string& file) {
    const std::string rest(base_name(file).substr(migration.version.size()));
    moves.emplace_back(file, fmt::format("{}/{}{}", parent_of(file), version, rest));
  };
  move(migration.file);
  if (migration.down && migration.down->file != migration.file) move(migration.down->file);
  return rename_files(moves);
}

const Registered<Layout> kSupabase{{
    .id = "supabase",
    .summary = "20231223120000_name.sql, 20231223_001_name.sql, rollback/<stem>_down.sql",
    .claims = claims,
    .read = read,
    .create = create,
    .rename = rename,
}};

}  // namespace
}  // namespace martlet
