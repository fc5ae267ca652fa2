#include "run/failure.h"

#include <fmt/format.h>

namespace martlet {

Error at_statement(Error error, const Statement& statement) {
  error.place = place_in(statement, error.position);
  error.statement = statement.text;
  return error;
}

std::string clean_state(const std::string& label, const std::string& current_version) {
  if (label.empty()) return fmt::format("the database is at {}", current_version);
  return fmt::format("the transaction was rolled back; the database is at {}, nothing of {} remains", current_version,
                     label);
}

}  // namespace martlet
