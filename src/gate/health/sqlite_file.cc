// Can the file and its folder be written, is there room, and would a crash leave it whole?
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "base/registry.h"
#include "gate/health.h"
#include "history/values.h"

namespace martlet {
namespace {

namespace fs = std::filesystem;

// Takes the lock as a run would, changes a page and takes that back. The lock alone says nothing: on a file that can
// only be read, BEGIN IMMEDIATE succeeds.
void try_to_write(Connection& connection) {
  const Transaction transaction(connection);
  const std::string version = text_of(connection.execute("PRAGMA user_version").rows.at(0).at(0));
  connection.execute("PRAGMA user_version = " + version);
}

// A table that is rebuilt needs its size again, and the journal of old pages as much.
bool is_tight(const fs::path& file) {
  std::error_code failure;
  const auto size = fs::file_size(file, failure);
  if (failure) return false;
  const auto space = fs::space(file, failure);
  return !failure && space.available < 2 * size;
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

HealthResult run(HealthSituation& situation) {
  Connection& connection = situation.connection();
  const fs::path file = situation.run_url().target();
  if (file == ":memory:") return HealthResult::good("in memory: it is gone when the program ends");
  const fs::path folder = folder_of(file);
  if (faccessat(AT_FDCWD, folder.c_str(), W_OK, AT_EACCESS) != 0) {
    return HealthResult::bad(
        ErrorKind::refused,
        fmt::format("the folder {} cannot be written: SQLite keeps its journal there", folder.string()),
        "check owner and permissions of the folder");
  }
  try {
    try_to_write(connection);
  } catch (const LockTimeout&) {
    return HealthResult::warning("another program is writing to the file now",
                                 "wait for it, or allow more time with --lock-deadline");
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    return HealthResult::bad(ErrorKind::refused, fmt::format("{} cannot be written: {}", file.string(), error.message),
                             "check owner and permissions of the file, and `mode=ro` in the URL");
  }
  const std::string journal = text_of(connection.execute("PRAGMA journal_mode").rows.at(0).at(0));
  const std::string synchronous = text_of(connection.execute("PRAGMA synchronous").rows.at(0).at(0));
  if (journal == "memory" || synchronous == "0") {
    return HealthResult::warning(
        fmt::format("a crash may damage the file: journal_mode is {}, synchronous is {}", journal, synchronous),
        "leave journal_mode=memory and synchronous=off out of the URL");
  }
  if (is_tight(file)) {
    return HealthResult::warning("less than twice the file's size is free on its disk",
                                 "make room: a table that is rebuilt needs its size again");
  }
  return HealthResult::good(fmt::format("{} can be written; journal mode {}", file.string(), journal));
}

const Registered<HealthCheck> kCheck{{
    .id = "sqlite-file",
    .summary = "file and folder can be written, there is room, a crash is survived",
    .asked_by = AskedBy::doctor,
    .only = Dialect::sqlite,
    .run = run,
}};

}  // namespace
}  // namespace martlet
