#include "cli/shell.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "db/postgres/environment.h"

namespace martlet {
namespace {

[[noreturn]] void not_started(std::string_view program, std::string_view package) {
  throw Error(ErrorKind::usage, fmt::format("cannot start {}: {}", program, std::strerror(errno)))
      .next(fmt::format("install it (Debian: {})", package));
}

}  // namespace

void become_shell(const Url& url) {
  if (url.dialect() == Dialect::postgres) {
    for (const auto& [name, value] : postgres::child_environment(url)) setenv(name.c_str(), value.c_str(), 1);
    execlp("psql", "psql", static_cast<char*>(nullptr));
    not_started("psql", "postgresql-client");
  }
  execlp("sqlite3", "sqlite3", url.target().c_str(), static_cast<char*>(nullptr));
  not_started("sqlite3", "sqlite3");
}

}  // namespace martlet
