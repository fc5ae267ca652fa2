#include "gate/sqlite_pages.h"

#include <fmt/format.h>

#include "gate/listing.h"
#include "history/values.h"

namespace martlet {

HealthResult check_pages(HealthSituation& situation, std::string_view pragma) {
  const Result found = situation.connection().execute(fmt::format("PRAGMA {}", pragma));
  std::vector<std::string> problems;
  for (const Row& row : found.rows) {
    if (text_of(row.at(0)) != "ok") problems.push_back(text_of(row.at(0)));
  }
  if (problems.empty()) return HealthResult::good(fmt::format("{}: ok", pragma));
  return HealthResult::bad(
      ErrorKind::drift, fmt::format("{}: {}", pragma, counted(problems.size(), "problem", "problems")),
      "restore a backup, or save what can be read with `sqlite3 FILE .recover`", shortened(std::move(problems)));
}

}  // namespace martlet
