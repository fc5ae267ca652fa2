#include "run/failure.h"

#include <fmt/format.h>

namespace martlet {

Error at_statement(Error error, const Statement& statement) {
  error.place = place_in(statement, error.position);
  error.statement = statement.text;
  return error;
}

std::string clean_state(Direction direction, const std::string& labels, const std::string& current_version) {
  if (labels.empty()) return fmt::format("the database is at {}", current_version);
  const std::string what = direction == Direction::up ? fmt::format("nothing of {} remains", labels)
                                                      : fmt::format("nothing of {} was taken back", labels);
  return fmt::format("the transaction was rolled back; the database is at {}, {}", current_version, what);
}

}  // namespace martlet
