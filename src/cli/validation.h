// What `validate` finds, for it and for `check`.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "migration/folder.h"

namespace martlet {

struct Validation {
  Folder folder;
  std::vector<Finding> findings;
  /// "compared", or "skipped: …".
  std::string database;

  std::size_t count(Finding::Severity severity) const;
  /// "12 migrations in migrations (flyway layout): 0 errors, 1 warning".
  std::string tally() const;
};

/// Reads the folder, checks its files, and compares them with the database's ledger where there is one (and
/// `--no-database` is not given).
Validation validate(const Context& context);

}  // namespace martlet
