// A migrations folder, read through its layout.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "migration/migration.h"

namespace martlet {

/// SQL run around migrations: "beforeMigrate", "beforeEachMigrate", "afterEachMigrate", "afterMigrate",
/// "afterMigrateError", "beforeEachUndo", "afterEachUndo", "beforeUndo", "afterUndo", …
struct Callback {
  std::string event;
  SourceText script;
};

struct FolderOptions {
  std::string path = "migrations";
  std::string layout = "auto";  // or a layout's id
  std::string gaps = "error";   // error | warn | allow
  Dialect dialect = Dialect::postgres;
};

struct Folder {
  std::string path;
  std::string layout;
  std::vector<Migration>
      migrations;  // versioned and baseline in run order (graph, then version), then repeatables by name
  std::vector<Callback> callbacks;  // by event, then by file name
  std::vector<Finding> problems;    // what reading found; those of severity error make `up` refuse

  const Migration* find(std::string_view id) const;
};

/// Reads names, sections, directives and checksums; SQL is not split yet. Throws Error{usage} where the folder is
/// missing, Error{validation} where it holds two layouts or a file is unreadable, not UTF-8, or has an unknown
/// directive. An empty folder is fine and has no migrations.
Folder read_folder(const FolderOptions& options);

/// The heads of the version graph: versions that no other one depends on, in version order.
std::vector<const Migration*> heads(const Folder& folder);

/// Everything that can be found without a database: gaps, duplicates, cycles, unknown dependencies, several heads,
/// missing or empty downs, empty files, syntax, transaction control, invalid names. Sorted by place.
std::vector<Finding> validate_files(const Folder& folder, const FolderOptions& options);

/// Text after `${name}` placeholders are filled in. Throws Error{validation} with the place of an unknown name.
/// Dollar quotes and comments are left alone where they are not placeholders.
SourceText fill_placeholders(const SourceText& source, const std::map<std::string, std::string>& values);

struct NewMigration {
  std::string name;         // "add user roles"
  bool sequential = false;  // --seq: the next number; default: whatever the folder does
  bool timestamp = false;   // --timestamp
  bool transactional = true;
  bool repeatable = false;
  std::vector<std::string> depends;  // for a merge
};
/// Writes the file(s) of a new migration in the folder's own layout, never over an existing one. Returns their paths.
std::vector<std::string> create_migration(const Folder& folder, const NewMigration& wanted);

}  // namespace martlet
