// SQLite, embedded.
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/registry.h"
#include "db/sqlite/connection.h"
#include "db/sqlite/error.h"
#include "db/sqlite/location.h"

namespace martlet::sqlite {
namespace {

namespace fs = std::filesystem;

std::string database(const Url& url) {
  return url.target();
}

bool database_exists(const Url& url) {
  std::error_code ignored;
  return url.target() != kMemory && fs::exists(url.target(), ignored);
}

// SQLite only says "unable to open database file": the reason is found beforehand.
void check_file(const Url& url, OpenOptions::Missing missing) {
  const fs::path path = url.target();
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code failure;
  if (fs::is_directory(path, failure)) {
    throw Error(ErrorKind::connection, fmt::format("{} is a folder, not an SQLite file", path.string()));
  }
  if (fs::exists(path, failure)) return;
  if (!fs::is_directory(folder, failure)) {
    throw Error(ErrorKind::connection, fmt::format("cannot open the SQLite file {}: the folder {} does not exist",
                                                   path.string(), folder.string()))
        .next("create the folder, or correct the URL");
  }
  if (missing == OpenOptions::Missing::refuse) {
    throw Error(ErrorKind::connection, fmt::format("the SQLite file {} does not exist", path.string()))
        .next("create it with `martlet db create` or `martlet up --create`, or correct the URL");
  }
}

[[noreturn]] void cannot_open(const Url& url, sqlite3* database, int system_error) {
  Error error = last_error(database, "");
  error.kind = ErrorKind::connection;
  const std::string why =
      system_error != 0 ? fmt::format("{} ({})", error.message, std::strerror(system_error)) : error.message;
  error.message = fmt::format("cannot open the SQLite file {}: {}", url.target(), why);
  error.next("check the path and its permissions");
  throw error;
}

// The header is read only when something needs it: better now than in the middle of a run. A file that somebody has
// locked is a database all right.
void check_is_database(const Url& url, sqlite3* database) {
  const int code = sqlite3_exec(database, "PRAGMA schema_version", nullptr, nullptr, nullptr) & 0xff;
  if (code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED) cannot_open(url, database, 0);
}

void apply_options(Connection& connection, const std::map<std::string, std::string>& options) {
  for (const auto& [name, value] : options) {
    if (name != "mode") connection.execute(fmt::format("PRAGMA {} = {}", name, value));
  }
}

std::unique_ptr<Connection> open(const Url& url, const OpenOptions& options) {
  const auto given = sqlite::options(url.text());
  const bool in_memory = url.target() == kMemory;
  if (!in_memory) check_file(url, options.missing);
  const auto mode = given.find("mode");
  const bool read_only = mode != given.end() && mode->second == "ro";
  int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  flags |= SQLITE_OPEN_NOMUTEX;  // a connection is not used from two threads at once
  if (in_memory || (!read_only && options.missing == OpenOptions::Missing::create)) flags |= SQLITE_OPEN_CREATE;
  // SQLite's own figures about memory, for which nobody asks, would take a lock for each piece of it.
  [[maybe_unused]] static const int kConfigured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  // Without "./" a path that begins with "file:" or ":" would mean something else to SQLite.
  const std::string path = in_memory || url.target().starts_with('/') ? url.target() : "./" + url.target();
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Handle database(raw);
  if (code != SQLITE_OK) cannot_open(url, raw, sqlite3_system_errno(raw));
  sqlite3_extended_result_codes(raw, 1);
  check_is_database(url, raw);
  auto connection = std::make_unique<SqliteConnection>(std::move(database), options.busy_timeout);
  apply_options(*connection, given);
  return connection;
}

void refuse_memory(const Url& url, std::string_view verb) {
  if (url.target() != kMemory) return;
  throw Error(ErrorKind::usage,
              fmt::format("a database in memory cannot be {}: it lives as long as its connection", verb));
}

void create_database(const Url& url) {
  refuse_memory(url, "created");
  if (database_exists(url))
    throw Error(ErrorKind::migration_failed, fmt::format("the SQLite file {} exists", url.target()));
  // SQLite writes nothing until there is something to write: VACUUM leaves a header that every tool recognises.
  open(url, {.missing = OpenOptions::Missing::create})->execute("VACUUM");
}

void drop_database(const Url& url) {
  refuse_memory(url, "dropped");
  if (!database_exists(url)) {
    throw Error(ErrorKind::connection, fmt::format("the SQLite file {} does not exist", url.target()));
  }
  for (const std::string_view suffix : {"-wal", "-shm", "-journal", ""}) {
    std::error_code failure;
    fs::remove(url.target() + std::string(suffix), failure);
    if (failure) {
      throw Error(ErrorKind::migration_failed,
                  fmt::format("cannot remove {}{}: {}", url.target(), suffix, failure.message()));
    }
  }
}

const Registered<Driver> kDriver{{
    .id = "sqlite",
    .schemes = {"sqlite", "sqlite3"},
    .dialect = Dialect::sqlite,
    .example = "sqlite:path",
    .target = target,
    .database = database,
    .renamed = beside,
    .open = open,
    .create_database = create_database,
    .drop_database = drop_database,
    .database_exists = database_exists,
}};

}  // namespace
}  // namespace martlet::sqlite
