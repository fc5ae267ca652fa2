// What all layouts share: files of a listing → migrations, downs and problems of a folder.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "migration/folder.h"
#include "migration/layout.h"

namespace martlet {

/// A migration as its file's name tells it. `file` is relative to the folder.
struct NamedFile {
  std::string file;
  std::string id, version, name, label;
  MigrationKind kind = MigrationKind::versioned;
};

/// Reads the folder's names, all levels deep; hidden entries and a `tests` folder are left out. Throws Error{usage}
/// where the folder is missing, not a folder, or unreadable.
Listing list_migrations(const std::string& path);

/// `path`/`file`, as shown in places.
std::string in_folder(const Folder& folder, std::string_view file);

/// Reads the file with its directives, sections and checksum, and appends the migration.
Migration& load_migration(Folder& folder, const NamedFile& named);
/// The same for many. Of several that cannot be read, the error is about the first.
void load_migrations(Folder& folder, std::span<const NamedFile> files);

/// Makes `file` the down part; a problem "two-downs" where there is one already.
void load_down(Folder& folder, Migration& migration, const std::string& file);

void add_problem(Folder& folder, Finding::Severity severity, std::string id, std::string_view file, std::string message,
                 std::string next);

/// A .sql file that the layout cannot explain: problem "unknown-file".
void add_unknown_file(Folder& folder, std::string_view file, std::string message, std::string next);

/// True for "x.sql" in any case.
bool is_sql(std::string_view file);
/// The last part of a path, and the path without its last extension's ".sql".
std::string_view base_name(std::string_view file);
std::string_view parent_of(std::string_view file);
std::string_view stem_of(std::string_view file);

/// "add_user_roles" → "add user roles".
std::string readable_name(std::string_view slug);
/// "Add user's roles!" → "add_users_roles"; throws Error{usage} where nothing is left.
std::string slug_of(std::string_view name);

/// Renames files, from → to; all or none: where one cannot be, those before it are renamed back. Never over an existing
/// file. Throws Error{usage}. Returns the new paths.
std::vector<std::string> rename_files(const std::vector<std::pair<std::string, std::string>>& moves);

}  // namespace martlet
