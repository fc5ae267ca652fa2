#include "migration/renumber.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "migration/layout.h"
#include "migration/load.h"
#include "migration/version.h"

namespace martlet {
namespace {

bool was_applied(const Migration& migration, const std::vector<AppliedFile>& applied) {
  return std::any_of(applied.begin(), applied.end(), [&](const AppliedFile& row) {
    return row.id == migration.id && (row.name.empty() || row.name == migration.name);
  });
}

bool is_named(const Migration& migration, const std::string& which) {
  return which == migration.id || which == migration.label || which == stem_of(migration.file) ||
         which == base_name(migration.file) || which == migration.file ||
         (is_version(which) && compare_versions(which, migration.version) == 0);
}

std::vector<const Migration*> versioned_of(const Folder& folder) {
  std::vector<const Migration*> all;
  for (const Migration& migration : folder.migrations) {
    if (migration.kind == MigrationKind::versioned) all.push_back(&migration);
  }
  return all;
}

const Migration* pick(const std::vector<const Migration*>& all, const std::vector<AppliedFile>& applied,
                      const std::string& which) {
  std::vector<const Migration*> named;
  for (const Migration* migration : all) {
    if (is_named(*migration, which)) named.push_back(migration);
  }
  if (named.empty()) {
    throw Error(ErrorKind::usage, fmt::format("there is no migration {} in the folder", which))
        .next("name a version or a file as `martlet status` shows it");
  }
  std::vector<const Migration*> free;
  for (const Migration* migration : named) {
    if (!was_applied(*migration, applied)) free.push_back(migration);
  }
  if (free.empty()) {
    throw Error(ErrorKind::refused, fmt::format("{} was applied; its version is part of the history", which))
        .at({named.front()->file})
        .leaves("nothing was renamed")
        .next("renumber the other file, the one that was not applied");
  }
  if (free.size() > 1) {
    throw Error(ErrorKind::usage, fmt::format("{} stands for several files: {} and {}", which, base_name(free[0]->file),
                                              base_name(free[1]->file)))
        .next("name the file to renumber");
  }
  return free.front();
}

bool out_of_order(const Migration& migration, const std::vector<const Migration*>& all,
                  const std::vector<AppliedFile>& applied) {
  return std::any_of(all.begin(), all.end(), [&](const Migration* other) {
    return was_applied(*other, applied) && compare_versions(migration.version, other->version) < 0;
  });
}

// Of several files with one version, none applied, the first keeps it.
bool duplicates_another(std::size_t index, const std::vector<const Migration*>& all,
                        const std::vector<AppliedFile>& applied) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == index || compare_versions(all[i]->version, all[index]->version) != 0) continue;
    if (i < index || was_applied(*all[i], applied)) return true;
  }
  return false;
}

std::vector<const Migration*> conflicting(const std::vector<const Migration*>& all,
                                          const std::vector<AppliedFile>& applied) {
  std::vector<const Migration*> found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (was_applied(*all[i], applied)) continue;
    if (duplicates_another(i, all, applied) || out_of_order(*all[i], all, applied)) found.push_back(all[i]);
  }
  return found;
}

// Counts the last number of the highest version on: "007" → "008", "1.2" → "1.3", "20231223_001" → "20231223_002".
std::string version_after(const std::string& version) {
  const auto separator = version.find_last_of("._");
  const std::size_t start = separator == std::string::npos ? 0 : separator + 1;
  const std::string last = version.substr(start);
  return version.substr(0, start) + number_like(last, std::stol(last) + 1);
}

}  // namespace

std::vector<Renumbered> renumber(const Folder& folder, const std::vector<AppliedFile>& applied,
                                 const std::string& which) {
  const Layout* layout = Registry<Layout>::find(folder.layout);
  if (!layout) throw Error(ErrorKind::usage, fmt::format("there is no layout `{}`", folder.layout));
  const std::vector<const Migration*> all = versioned_of(folder);
  const auto chosen =
      which.empty() ? conflicting(all, applied) : std::vector<const Migration*>{pick(all, applied, which)};
  std::string last;
  for (const Migration* migration : all) {
    if (last.empty() || compare_versions(last, migration->version) < 0) last = migration->version;
  }
  for (const AppliedFile& row : applied) {
    if (is_version(row.id) && compare_versions(last, row.id) < 0) last = row.id;
  }
  std::vector<Renumbered> done;
  for (const Migration* migration : chosen) {
    if (!is_version(migration->version)) {
      throw Error(ErrorKind::usage, fmt::format("{} has no number to count on from", migration->file))
          .next("rename it by hand");
    }
    last = version_after(last);
    done.push_back({migration->version, last, layout->rename(folder, *migration, last)});
  }
  return done;
}

}  // namespace martlet
