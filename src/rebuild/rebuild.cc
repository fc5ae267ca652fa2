#include "rebuild/rebuild.h"

#include <fmt/format.h>

#include "rebuild/changed_table.h"
#include "rebuild/copied_rows.h"
#include "rebuild/dependents.h"
#include "sql/statement.h"

namespace martlet {
namespace {

std::string setting(Connection& database, std::string_view name) {
  const Result found = database.execute(fmt::format("PRAGMA {}", name));
  return found.rows.at(0).at(0).value_or("0");
}

// Dropping a table would delete its rows one by one, and with ON DELETE CASCADE those of other tables. The setting
// cannot be changed inside a transaction.
void refuse_foreign_keys(Connection& database, const TableChange& change) {
  if (setting(database, "foreign_keys") != "1") return;
  throw Error(ErrorKind::validation,
              fmt::format("{} has to be built anew for this, which cannot be done with foreign_keys on", change.shown))
      .next("take PRAGMA foreign_keys = ON out of the file, or turn it off before this statement");
}

// Renaming would else look into every view and trigger, while the old table is gone, and change their texts.
class LegacyRename {
 public:
  explicit LegacyRename(Connection& database) : database_(database), before_(setting(database, "legacy_alter_table")) {
    database_.execute("PRAGMA legacy_alter_table = 1");
  }
  ~LegacyRename() {
    try {
      database_.execute("PRAGMA legacy_alter_table = " + before_);
    } catch (const Error&) {
      // The connection is gone, and the setting with it.
    }
  }
  LegacyRename(const LegacyRename&) = delete;
  LegacyRename& operator=(const LegacyRename&) = delete;

 private:
  Connection& database_;
  std::string before_;
};

// SQLite's words name the table under construction, of which nobody knows.
std::string with_name(std::string message, const std::string& built, const std::string& name) {
  for (std::size_t at = message.find(built); at != std::string::npos; at = message.find(built, at)) {
    message.replace(at, built.size(), name);
  }
  return message;
}

struct Found {
  std::string name, sql;
};

std::optional<Found> find_table(Connection& database, const TableChange& change) {
  const Result found = database.execute(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name = $1 COLLATE NOCASE", {change.table});
  if (found.rows.empty()) {
    if (change.if_exists) return std::nullopt;
    throw Error(ErrorKind::migration_failed, "no such table: " + change.shown);
  }
  return Found{found.rows[0][0].value_or(""), found.rows[0][1].value_or("")};
}

TableText text_of(const Found& table) {
  try {
    return TableText(table.sql);
  } catch (Error& error) {
    error.message = fmt::format("{} cannot be built anew, its text in sqlite_schema is {}", table.name, error.message);
    error.next("build it anew by hand: SQLite's documentation of ALTER TABLE, section 7, tells how");
    throw;
  }
}

}  // namespace

void rebuild_table(Connection& database, const TableChange& change) {
  refuse_foreign_keys(database, change);
  const std::optional<Found> old = find_table(database, change);
  if (!old) return;
  ChangedTable changed = apply(change, text_of(*old));
  Dependents dependents(database, old->name);
  const std::string built = "martlet_new_" + old->name;
  changed.text.rename(built);
  const LegacyRename legacy(database);
  try {
    database.execute(changed.text.sql());
    copy_rows(database, old->name, built, changed);
    database.execute(fmt::format("DROP TABLE {}", quote_identifier(old->name)));
    database.execute(fmt::format("ALTER TABLE {} RENAME TO {}", quote_identifier(built), quote_identifier(old->name)));
  } catch (Error& error) {
    error.message = with_name(std::move(error.message), built, old->name);
    throw;
  }
  dependents.make_again();
  dependents.check();
}

}  // namespace martlet
