// Restoring a backup in place of the target, and migrating on from there.
#pragma once

#include <string>

#include "backup/restore.h"
#include "run/settings.h"

namespace martlet {

struct RestoreOrder {
  BackupSettings backup;
  std::string file;  // in the backup store; or, with `plain`, the path of another tool's dump
  bool plain = false;
  RestoreOptions options;
  std::string to;  // the version to migrate to before the database is put in place; "" = as it was backed up
};

struct RestoreReport {
  std::string kept;     // the name of the old database, "" = there was none
  std::string version;  // where the restored one is
};

/// Restores into a new database, verifies it, migrates it up to `to`, and swaps the two. A failure at any point leaves
/// the target as it was. Throws Error{refused} on a protected environment without both --yes and a reason.
[[nodiscard]] RestoreReport restore_database(const RunSettings& settings, const RestoreOrder& order);

}  // namespace martlet
