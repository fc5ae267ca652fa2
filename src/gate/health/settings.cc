// Server, database and role settings that would stop or spoil a run. One row of the table each.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/registry.h"
#include "gate/health.h"
#include "history/values.h"

namespace martlet {
namespace {

struct Rule {
  std::string_view setting;
  std::string_view healthy;  // its value where all is well
  HealthState otherwise;
  std::string_view why;
};

constexpr std::array kRules{
    Rule{"default_transaction_read_only", "off", HealthState::bad, "every migration would be refused"},
    Rule{"fsync", "on", HealthState::warning, "a crash of the server loses or damages data"},
    Rule{"full_page_writes", "on", HealthState::warning, "a crash of the server may damage pages"},
    Rule{"session_replication_role", "origin", HealthState::warning,
         "triggers and foreign keys are not enforced while migrations change data"},
    Rule{"standard_conforming_strings", "on", HealthState::bad,
         "strings with backslashes would be read otherwise than migrations are split"},
    Rule{"statement_timeout", "0", HealthState::warning,
         "a migration that takes longer is stopped; --statement-timeout replaces it for a run"},
    Rule{"idle_in_transaction_session_timeout", "0", HealthState::warning,
         "a `--tx all` run that waits for this machine may be cut off"},
    Rule{"idle_session_timeout", "0", HealthState::warning, "the session is cut off while a run waits for its turn"},
    Rule{"transaction_timeout", "0", HealthState::warning, "a migration that takes longer is cut off"},
    Rule{"default_transaction_isolation", "read committed", HealthState::warning,
         "migrations may fail with serialization errors that they do not expect"},
};

// Who set it says where to change it: "database", "user", "configuration file", …
std::string_view where_to_change(const std::string& source) {
  if (source == "user") return "ALTER ROLE … RESET";
  if (source == "database") return "ALTER DATABASE … RESET";
  if (source == "database user") return "ALTER ROLE … IN DATABASE … RESET";
  if (source == "client" || source == "session" || source == "environment variable")
    return "the URL's options or PGOPTIONS";
  return "the server's configuration";
}

struct Found {
  std::vector<std::string> lines;
  HealthState worst = HealthState::good;

  void add(HealthState state, std::string line) {
    lines.push_back(std::move(line));
    if (worst != HealthState::bad) worst = state;
  }
};

void look_at_rules(Connection& connection, Found& found) {
  const Result settings =
      connection.execute("SELECT name, setting, source, coalesce(unit, '') FROM pg_catalog.pg_settings");
  for (const Row& row : settings.rows) {
    const auto rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& r) { return r.setting == row[0]; });
    if (rule == kRules.end() || row[1] == rule->healthy) continue;
    found.add(rule->otherwise,
              fmt::format("{} = {}{}: {} (from {}: {})", rule->setting, text_of(row[1]), text_of(row[3]), rule->why,
                          text_of(row[2]), where_to_change(text_of(row[2]))));
  }
}

void look_at_search_path(Connection& connection, Found& found) {
  const Result answer =
      connection.execute("SELECT current_schema() IS NULL, current_setting('search_path'), pg_is_in_recovery()");
  const Row& row = answer.rows.at(0);
  if (truth_of(row[0])) {
    found.add(HealthState::warning,
              fmt::format("search_path = {}: none of these schemas exists and may be used, so a table without a "
                          "schema's name cannot be created",
                          text_of(row[1])));
  }
  if (truth_of(row[2])) found.add(HealthState::bad, "the server is a standby in recovery: it accepts no changes");
}

HealthResult run(HealthSituation& situation) {
  Found found;
  look_at_search_path(situation.connection(), found);
  look_at_rules(situation.connection(), found);
  switch (found.worst) {
    case HealthState::bad:
      return HealthResult::bad(ErrorKind::refused, "a run cannot work with these settings",
                               "change them where they come from, or connect to the primary server", found.lines);
    case HealthState::warning:
      return HealthResult::warning("some settings stand in the way", "change them where they come from", found.lines);
    default:
      return HealthResult::good("nothing stands in the way");
  }
}

const Registered<HealthCheck> kCheck{{
    .id = "settings",
    .summary = "read-only mode, timeouts, durability, search_path",
    .asked_by = AskedBy::doctor,
    .only = Dialect::postgres,
    .run = run,
}};

}  // namespace
}  // namespace martlet
