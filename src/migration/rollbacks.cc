#include "migration/rollbacks.h"

#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "migration/load.h"

namespace martlet {
namespace {

// "0001_init" of "…/0001_init.sql" and of "…/20240101120000_init/migration.sql".
std::string_view identity_of(const Migration& migration) {
  const std::string_view stem = stem_of(migration.file);
  return stem == "migration" ? base_name(parent_of(migration.file)) : stem;
}

}  // namespace

void attach_rollback_files(Folder& folder, const std::vector<std::string>& files, std::string_view ending) {
  if (files.empty()) return;
  std::map<std::string, std::size_t, std::less<>> by_name;
  for (std::size_t i = 0; i < folder.migrations.size(); ++i) {
    if (folder.migrations[i].kind != MigrationKind::versioned) continue;
    by_name.emplace(identity_of(folder.migrations[i]), i);
    by_name.emplace(folder.migrations[i].version, i);
  }
  for (const std::string& file : files) {
    std::string_view name = stem_of(file);
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
    if (const auto found = by_name.find(name); found != by_name.end()) {
      load_down(folder, folder.migrations[found->second], file);
      continue;
    }
    std::vector<std::string> names;
    for (const auto& [known, index] : by_name) names.push_back(known);
    const auto near = nearest(name, names);
    add_problem(folder, Finding::Severity::error, "down-without-migration", file,
                "a rollback of no migration in the folder",
                near ? fmt::format("did you mean {}{}.sql?", *near, ending)
                     : fmt::format("name it <migration>{}.sql, like its migration", ending));
  }
}

void refuse_repeatable(const Folder& folder, const NewMigration& wanted) {
  if (!wanted.repeatable) return;
  throw Error(ErrorKind::usage, fmt::format("the {} layout has no repeatable migrations", folder.layout))
      .next("leave --repeatable out, or use the flyway layout");
}

}  // namespace martlet
