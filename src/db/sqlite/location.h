// What an SQLite URL says.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "db/url.h"

namespace martlet::sqlite {

constexpr std::string_view kMemory = ":memory:";

/// The file path (or ":memory:") of `sqlite:path`, `sqlite:///absolute/path`, `sqlite::memory:`.
/// Throws Error{usage} for an empty path, a host, an unknown option or a bad value.
std::string target(std::string_view url);

/// The `?key=value` options, checked: foreign_keys=on|off, journal_mode=…, synchronous=…, mode=rw|ro.
std::map<std::string, std::string> options(std::string_view url);

/// A URL for the file `name` in the same folder; the same URL for a database in memory.
std::string beside(const Url& url, std::string_view name);

}  // namespace martlet::sqlite
