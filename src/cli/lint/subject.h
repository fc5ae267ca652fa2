// What is to be judged: a folder, files of it, other files, standard input.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "history/ledger.h"
#include "migration/migration.h"

namespace martlet {

struct LintSubject {
  struct Entry {
    Migration migration;
    bool wanted = true;  // false: only executed on the model, because others come after it
  };
  std::vector<Entry> entries;                // in run order
  std::map<std::string, std::string> texts;  // standard input, by the name it has in places
  std::size_t applied = 0;                   // left out, because the ledger has them
  std::vector<std::string> applied_files;    // of these, those that the command line names
};

/// The files that the command line names (`-` = standard input, a folder = all of its migrations), or the configured
/// folder; of these only what changed since `--since`. A file of the folder is judged behind those before it. With a
/// ledger, what is applied is left out. Throws Error{usage} for a file that is not there, Error{validation} for one
/// that cannot be read as text.
LintSubject lint_subject(const Context& context, const std::optional<Ledger>& ledger);

}  // namespace martlet
