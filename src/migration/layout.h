// A layout plug-in: how the files of a migrations folder are named and what they hold. One file in layouts/ each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "migration/folder.h"

namespace martlet {

/// Names found in a folder, all levels deep, paths relative to it, sorted.
struct Listing {
  std::string path;
  std::vector<std::string> files;  // "V001__a.sql", "rollback/x_down.sql", "meta/_journal.json"
};

struct Layout {
  std::string_view id;
  std::string_view summary;  // for docs and `init --help`
  bool gapless = true;       // small numbers follow each other; false where a list of its own tells what is missing
  /// Files of the listing that only this layout explains; empty = not this layout.
  std::vector<std::string> (*claims)(const Listing& listing);
  /// Fills migrations, callbacks and problems; the folder's order and graph are made afterwards.
  void (*read)(const Listing& listing, Folder& folder);
  std::vector<std::string> (*create)(const Folder& folder, const NewMigration& wanted);
  /// Moves `migration` to `version` (files renamed, journal rewritten). Returns the new paths.
  std::vector<std::string> (*rename)(const Folder& folder, const Migration& migration, const std::string& version);
  /// What people put before a version: Migration::label is this and the version.
  std::string_view version_prefix = "";
};

}  // namespace martlet
