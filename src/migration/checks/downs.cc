// Every versioned migration can be taken back, or says why not.
#include <fmt/format.h>

#include "base/registry.h"
#include "base/text.h"
#include "migration/check.h"

namespace martlet {
namespace {

bool only_comments(const SourceText& source, Dialect dialect) {
  try {
    return split(source, dialect).empty();
  } catch (const Error&) {
    return false;  // the syntax check reports it
  }
}

// What merges heads changes nothing by itself, so nothing takes it back.
bool only_merges(const Migration& migration, Dialect dialect) {
  return migration.depends.size() > 1 && only_comments(migration.up, dialect);
}

void find(const Folder& folder, const FolderOptions& options, std::vector<Finding>& found) {
  for (const Migration& migration : folder.migrations) {
    if (migration.kind != MigrationKind::versioned) continue;
    if (migration.irreversible) {
      if (!migration.down) continue;
      found.push_back({Finding::Severity::error,
                       "down-of-irreversible",
                       {migration.down->file, migration.down->first_line},
                       fmt::format("{} says that it is irreversible, and has a down part", migration.label),
                       "remove the directive `irreversible` or the down part"});
    } else if (!migration.down) {
      found.push_back({Finding::Severity::warning,
                       "missing-down",
                       {migration.file},
                       fmt::format("{} has no down part: `martlet down` will refuse it", migration.label),
                       "add one (see `martlet help new`), or `-- martlet:irreversible \"reason\"`"});
    } else if (only_comments(*migration.down, options.dialect) && !only_merges(migration, options.dialect)) {
      found.push_back({Finding::Severity::warning,
                       "empty-down",
                       {migration.down->file, migration.down->first_line},
                       fmt::format("the down part of {} has no statement", migration.label),
                       "write the statements that take it back, or `-- martlet:irreversible \"reason\"`"});
    }
  }
}

const Registered<FileCheck> kCheck{{"downs", "every migration can be taken back, or says why not", find}};

}  // namespace
}  // namespace martlet
