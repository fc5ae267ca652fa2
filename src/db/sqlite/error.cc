#include "db/sqlite/error.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"

namespace martlet::sqlite {
namespace {

struct CodeName {
  int code;
  std::string_view name;
};

#define NAMED(code) \
  CodeName {        \
    code, #code     \
  }
// The names that sqlite3.h gives; the library has no function for them.
constexpr std::array kCodes{
    NAMED(SQLITE_ERROR),
    NAMED(SQLITE_INTERNAL),
    NAMED(SQLITE_PERM),
    NAMED(SQLITE_ABORT),
    NAMED(SQLITE_ABORT_ROLLBACK),
    NAMED(SQLITE_BUSY),
    NAMED(SQLITE_BUSY_RECOVERY),
    NAMED(SQLITE_BUSY_SNAPSHOT),
    NAMED(SQLITE_BUSY_TIMEOUT),
    NAMED(SQLITE_LOCKED),
    NAMED(SQLITE_LOCKED_SHAREDCACHE),
    NAMED(SQLITE_NOMEM),
    NAMED(SQLITE_READONLY),
    NAMED(SQLITE_READONLY_RECOVERY),
    NAMED(SQLITE_READONLY_CANTLOCK),
    NAMED(SQLITE_READONLY_ROLLBACK),
    NAMED(SQLITE_READONLY_DBMOVED),
    NAMED(SQLITE_READONLY_CANTINIT),
    NAMED(SQLITE_READONLY_DIRECTORY),
    NAMED(SQLITE_INTERRUPT),
    NAMED(SQLITE_IOERR),
    NAMED(SQLITE_IOERR_READ),
    NAMED(SQLITE_IOERR_SHORT_READ),
    NAMED(SQLITE_IOERR_WRITE),
    NAMED(SQLITE_IOERR_FSYNC),
    NAMED(SQLITE_IOERR_LOCK),
    NAMED(SQLITE_CORRUPT),
    NAMED(SQLITE_CORRUPT_INDEX),
    NAMED(SQLITE_FULL),
    NAMED(SQLITE_CANTOPEN),
    NAMED(SQLITE_CANTOPEN_ISDIR),
    NAMED(SQLITE_PROTOCOL),
    NAMED(SQLITE_SCHEMA),
    NAMED(SQLITE_TOOBIG),
    NAMED(SQLITE_CONSTRAINT),
    NAMED(SQLITE_CONSTRAINT_CHECK),
    NAMED(SQLITE_CONSTRAINT_COMMITHOOK),
    NAMED(SQLITE_CONSTRAINT_FOREIGNKEY),
    NAMED(SQLITE_CONSTRAINT_FUNCTION),
    NAMED(SQLITE_CONSTRAINT_NOTNULL),
    NAMED(SQLITE_CONSTRAINT_PRIMARYKEY),
    NAMED(SQLITE_CONSTRAINT_TRIGGER),
    NAMED(SQLITE_CONSTRAINT_UNIQUE),
    NAMED(SQLITE_CONSTRAINT_VTAB),
    NAMED(SQLITE_CONSTRAINT_ROWID),
    NAMED(SQLITE_CONSTRAINT_DATATYPE),
    NAMED(SQLITE_MISMATCH),
    NAMED(SQLITE_MISUSE),
    NAMED(SQLITE_AUTH),
    NAMED(SQLITE_RANGE),
    NAMED(SQLITE_NOTADB),
};
#undef NAMED

std::string_view hint_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk is full, or PRAGMA max_page_count limits the file";
    case SQLITE_READONLY:
      return "the file, its folder or its file system does not allow writing, or the URL says mode=ro";
    case SQLITE_NOTADB:
      return "the file is not an SQLite database (or is an encrypted one)";
    case SQLITE_CORRUPT:
      return "the file is damaged: PRAGMA integrity_check tells more";
    default:
      return "";
  }
}

}  // namespace

std::string code_name(int extended_code) {
  for (const CodeName& known : kCodes) {
    if (known.code == extended_code) return std::string(known.name);
  }
  for (const CodeName& known : kCodes) {
    if (known.code == (extended_code & 0xff)) return fmt::format("{}({})", known.name, extended_code);
  }
  return fmt::format("SQLITE_ERROR({})", extended_code);
}

Error last_error(sqlite3* database, std::string_view statement) {
  const int code = sqlite3_extended_errcode(database);
  Error error(ErrorKind::migration_failed, sqlite3_errmsg(database));
  error.sqlstate = code_name(code);
  error.hint = hint_of(code);
  error.statement = statement;
  const int offset = sqlite3_error_offset(database);
  if (offset >= 0)
    error.position = static_cast<int>(count_characters(statement.substr(0, static_cast<std::size_t>(offset)))) + 1;
  if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) error.kind = ErrorKind::lock;
  return error;
}

}  // namespace martlet::sqlite
