#include "gate/version_text.h"

#include <fmt/format.h>

namespace martlet {

std::string version_text(const Connection& connection) {
  const int version = connection.version();
  if (connection.dialect() == Dialect::postgres) {
    return fmt::format("PostgreSQL {}.{}", version / 10000, version % 10000);
  }
  return fmt::format("SQLite {}.{}.{}", version / 1'000'000, version / 1000 % 1000, version % 1000);
}

}  // namespace martlet
