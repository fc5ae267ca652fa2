// A consistent copy of a SQLite database that is in use.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace martlet::sqlite {

/// By SQLite's online backup API, in one read transaction: writers go on in WAL mode, and wait otherwise. `to` is made
/// anew, 0600. `copied` is told pages done and pages in all. Throws Error{connection} where either file cannot be used,
/// LockTimeout where a writer did not end within `patience_ms`.
void copy_database(const std::string& from, const std::string& to, long patience_ms,
                   const std::function<void(std::int64_t done, std::int64_t total)>& copied);

/// PRAGMA integrity_check; "" where every page is sound, else what is not.
std::string integrity_problems(const std::string& file);

}  // namespace martlet::sqlite
