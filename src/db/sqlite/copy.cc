#include "db/sqlite/copy.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <memory>

#include "base/cancel.h"
#include "db/sqlite/connection.h"
#include "db/sqlite/error.h"

namespace martlet::sqlite {
namespace {

constexpr int kPagesAtOnce = 1024;
constexpr long kPause = 20;  // ms

struct Finish {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

Handle open_file(const std::string& path, int flags) {
  const std::string name = path.starts_with('/') ? path : "./" + path;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags, nullptr);
  Handle database(raw);
  if (code == SQLITE_OK) return database;
  throw Error(ErrorKind::connection, fmt::format("cannot open the SQLite file {}: {}", path, sqlite3_errmsg(raw)))
      .next("check the path and its permissions");
}

void run(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw last_error(database, sql);
}

}  // namespace

void copy_database(const std::string& from, const std::string& to, long patience_ms,
                   const std::function<void(std::int64_t, std::int64_t)>& copied) {
  const Handle source = open_file(from, SQLITE_OPEN_READWRITE);
  sqlite3_busy_timeout(source.get(), static_cast<int>(patience_ms));
  run(source.get(), "BEGIN");
  run(source.get(), "SELECT count(*) FROM sqlite_schema");  // from here on the pages do not change under us
  const int created = open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (created >= 0) close(created);
  const Handle target = open_file(to, SQLITE_OPEN_READWRITE);
  const std::unique_ptr<sqlite3_backup, Finish> backup(sqlite3_backup_init(target.get(), "main", source.get(), "main"));
  if (!backup) throw last_error(target.get(), "");
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  for (;;) {
    cancel::check();
    const int code = sqlite3_backup_step(backup.get(), kPagesAtOnce);
    copied(sqlite3_backup_pagecount(backup.get()) - sqlite3_backup_remaining(backup.get()),
           sqlite3_backup_pagecount(backup.get()));
    if (code == SQLITE_DONE) return;
    const bool busy = (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED;
    if (busy && std::chrono::steady_clock::now() > give_up) {
      throw LockTimeout(ErrorKind::lock, fmt::format("{} is locked by another program", from));
    }
    if (code != SQLITE_OK && !busy) {
      throw Error(ErrorKind::connection, fmt::format("cannot copy {}: {}", from, sqlite3_errstr(code)))
          .leaves("nothing was changed");
    }
    if (busy) cancel::sleep_ms(kPause);
  }
}

std::string integrity_problems(const std::string& file) {
  const Handle database = open_file(file, SQLITE_OPEN_READONLY);
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database.get(), "PRAGMA integrity_check", -1, &raw, nullptr) != SQLITE_OK) {
    return sqlite3_errmsg(database.get());
  }
  const Prepared statement(raw);
  std::string problems;
  int code = SQLITE_OK;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    const std::string line = reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0));
    if (line != "ok") problems += (problems.empty() ? "" : "; ") + line;
  }
  return code == SQLITE_DONE ? problems : sqlite3_errmsg(database.get());
}

}  // namespace martlet::sqlite
