// Sequential numbers begin at 0 or 1 (or behind a baseline) and miss none; timestamps have gaps by nature.
#include <fmt/format.h>

#include <set>

#include "base/registry.h"
#include "migration/check.h"
#include "migration/layout.h"
#include "migration/version.h"

namespace martlet {
namespace {

struct Numbered {
  std::set<long> numbers;
  long baseline = -1;  // numbers up to it need not be there
  bool sequential = true;
};

Numbered numbers_of(const Folder& folder) {
  Numbered result;
  for (const Migration& migration : folder.migrations) {
    if (migration.kind == MigrationKind::repeatable) continue;
    const long number = sequence_number(migration.version);
    if (number < 0) result.sequential = false;
    if (migration.kind == MigrationKind::baseline) result.baseline = std::max(result.baseline, number);
    if (migration.kind == MigrationKind::versioned) result.numbers.insert(number);
  }
  return result;
}

void report(const Migration& migration, long from, long to, const FolderOptions& options, std::vector<Finding>& found) {
  const std::string missing =
      from == to ? number_like(migration.version, from)
                 : fmt::format("{} to {}", number_like(migration.version, from), number_like(migration.version, to));
  found.push_back({options.gaps == "warn" ? Finding::Severity::warning : Finding::Severity::error,
                   "version-gap",
                   {migration.file},
                   fmt::format("{} {} missing before {}", missing, from == to ? "is" : "are", migration.label),
                   fmt::format("`martlet renumber {} --to {}`, or accept gaps with `[migrations] gaps = \"allow\"`",
                               migration.label, number_like(migration.version, from))});
}

void find(const Folder& folder, const FolderOptions& options, std::vector<Finding>& found) {
  const Layout* layout = Registry<Layout>::find(folder.layout);
  if (options.gaps == "allow" || (layout && !layout->gapless)) return;
  const Numbered numbered = numbers_of(folder);
  if (!numbered.sequential) return;
  long expected = std::max(numbered.numbers.contains(0) ? 0L : 1L, numbered.baseline + 1);
  for (const long number : numbered.numbers) {
    if (number < expected) continue;
    for (const Migration& migration : folder.migrations) {
      if (number == expected) break;
      if (migration.kind != MigrationKind::versioned || sequence_number(migration.version) != number) continue;
      report(migration, expected, number - 1, options, found);
      break;
    }
    expected = number + 1;
  }
}

const Registered<FileCheck> kCheck{{"gaps", "sequential numbers miss none", find}};

}  // namespace
}  // namespace martlet
