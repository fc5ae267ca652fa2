#include "run/checks.h"

#include <fmt/format.h>

namespace martlet {

std::optional<Error> failed_check(Connection& connection, const Check& check) {
  std::string found;
  try {
    const Result result = connection.execute(check.sql);
    const bool has_value = !result.rows.empty() && !result.rows[0].empty();
    found = has_value ? result.rows[0][0].value_or("NULL") : "no row";
  } catch (const ConnectionLost&) {
    throw;
  } catch (Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    error.statement = check.sql;
    return error.at(check.place);
  }
  if (found == check.expected) return std::nullopt;
  return Error(ErrorKind::migration_failed,
               fmt::format("check failed: {} gave \"{}\", expected \"{}\"", check.sql, found, check.expected))
      .at(check.place);
}

}  // namespace martlet
