// The model: one versioned change, as the user wrote it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/error.h"
#include "sql/statement.h"

namespace martlet {

enum class MigrationKind { versioned, repeatable, baseline };
std::string_view kind_name(MigrationKind kind);

/// `-- martlet:NAME …` as found in a file; which names exist is the table in migration/directive.cc.
struct Directive {
  std::string name;       // "no-transaction", "depends", "batch", …
  std::string arguments;  // the rest of the line, trimmed
  Place place;
};

/// `-- martlet:check "SELECT …" expect "0"`: run before the migration's commit; anything but `expected` fails it.
struct Check {
  std::string sql;
  std::string expected;
  Place place;
};

/// "Purpose", "Dependencies", "Rollback plan", "Performance impact", "Testing notes", "Ticket" of the file's header.
struct HeaderField {
  std::string name;
  std::string text;
};

struct Migration {
  std::string id;       // key in the ledger, unique in a folder: the version, or "R__name" for a repeatable
  std::string version;  // as written in the file's name, without its prefix ("001", "20231223_001"); "" for repeatables
  std::string name;     // description, as people read it: "add user roles"
  MigrationKind kind = MigrationKind::versioned;
  std::string layout;
  std::string file;  // path of the file with the up part
  SourceText up;
  std::optional<SourceText> down;      // from a section or a file of its own; absent = none was written
  std::optional<SourceText> contract;  // `-- martlet:contract`: runs after all code is new
  std::string checksum;                // "sha256:…" of the normalised up text (sections of the same file included)
  bool transactional = true;           // false: `-- martlet:no-transaction`, .sql.conf, or the layout's own mark
  bool down_transactional = true;
  std::vector<std::string> depends;         // versions; empty = follows the version before it
  std::optional<std::string> irreversible;  // the reason
  std::vector<Check> checks;
  std::optional<Milliseconds> lock_wait, statement_timeout;  // `-- martlet:timeout`
  std::vector<HeaderField> header;
  std::vector<Directive> directives;  // all of them, in file order

  /// How it is shown: "V003" in the flyway layout, "20231223_001" in supabase's; layouts set it.
  std::string label;
  std::string ticket() const;
};

/// Something `validate` found.
struct Finding {
  enum class Severity { note, warning, error } severity = Severity::error;
  std::string id;  // "version-gap", "duplicate-version", "missing-down", …
  Place place;
  std::string message;
  std::string next;
};

}  // namespace martlet
