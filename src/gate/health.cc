#include "gate/health.h"

#include <algorithm>
#include <array>

#include "base/registry.h"

namespace martlet {
namespace {

constexpr std::array kBySeriousness{ErrorKind::connection, ErrorKind::partial, ErrorKind::validation, ErrorKind::drift,
                                    ErrorKind::usage};

// Why the check cannot be asked now; nullopt where it can.
std::optional<std::string> what_is_lacking(const HealthCheck& check, HealthSituation& situation) {
  if (check.needs == HealthNeed::nothing) return std::nullopt;
  if (!situation.connected()) return "there is no connection";
  if (check.needs == HealthNeed::connection) return std::nullopt;
  try {
    if (!situation.ledger().exists()) return "martlet has no tables in this database yet";
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    return "the ledger cannot be read";
  }
  if (check.needs == HealthNeed::history) return std::nullopt;
  try {
    situation.folder();
  } catch (const Error& error) {
    return "the migrations folder cannot be read";
  }
  return std::nullopt;
}

// PostgreSQL's class for damaged data, and SQLite's results for damaged files.
bool is_damage(const Error& error) {
  const std::string& state = error.sqlstate;
  return state == "XX001" || state == "XX002" || state.starts_with("SQLITE_CORRUPT") || state == "SQLITE_NOTADB";
}

// An SQL error of our own question is not a failed migration.
ErrorKind kind_of(const Error& error) {
  if (is_damage(error)) return ErrorKind::drift;
  return error.kind == ErrorKind::migration_failed ? ErrorKind::refused : error.kind;
}

HealthResult from_error(const Error& error) {
  const ErrorKind kind = kind_of(error);
  HealthResult result = HealthResult::bad(kind, error.message, error.next_step);
  if (error.place.known()) result.details.push_back(error.place.text());
  for (const std::string* more : {&error.detail, &error.hint}) {
    if (!more->empty()) result.details.push_back(*more);
  }
  return result;
}

HealthResult ask(const HealthCheck& check, HealthSituation& situation) {
  try {
    if (const auto lacking = what_is_lacking(check, situation)) return HealthResult::skipped(*lacking);
    return check.run(situation);
  } catch (const ConnectionLost& error) {
    situation.disconnect();
    HealthResult result = from_error(error);
    result.kind = ErrorKind::connection;
    return result;
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled) throw;
    if (situation.connected()) situation.connection().rollback();
    return from_error(error);
  }
}

bool is_asked(const HealthCheck& check, AskedBy asker, Dialect dialect) {
  const bool by_this = check.asked_by == AskedBy::both || check.asked_by == asker;
  return by_this && (!check.only || *check.only == dialect);
}

}  // namespace

std::string_view health_word(HealthState state) {
  constexpr std::array<std::string_view, 4> kWords{"ok", "warning", "bad", "skipped"};
  return kWords[static_cast<std::size_t>(state)];
}

HealthResult HealthResult::good(std::string message, std::vector<std::string> details) {
  return {.state = HealthState::good, .message = std::move(message), .details = std::move(details)};
}

HealthResult HealthResult::warning(std::string message, std::string next, std::vector<std::string> details) {
  return {.state = HealthState::warning,
          .message = std::move(message),
          .details = std::move(details),
          .next = std::move(next)};
}

HealthResult HealthResult::bad(ErrorKind kind, std::string message, std::string next,
                               std::vector<std::string> details) {
  return {.state = HealthState::bad,
          .message = std::move(message),
          .details = std::move(details),
          .next = std::move(next),
          .kind = kind};
}

HealthResult HealthResult::skipped(std::string message) {
  return {.state = HealthState::skipped, .message = std::move(message)};
}

std::vector<const HealthCheck*> health_checks(AskedBy asker, Dialect dialect) {
  std::vector<const HealthCheck*> checks;
  for (const HealthCheck* check : Registry<HealthCheck>::all()) {
    if (is_asked(*check, asker, dialect)) checks.push_back(check);
  }
  std::stable_sort(checks.begin(), checks.end(),
                   [](const HealthCheck* a, const HealthCheck* b) { return a->topic < b->topic; });
  return checks;
}

std::vector<HealthReport> examine(HealthSituation& situation, AskedBy asker,
                                  const std::function<void(const HealthReport&)>& seen) {
  std::vector<HealthReport> reports;
  for (const HealthCheck* check : health_checks(asker, situation.names.dialect)) {
    reports.push_back({check, ask(*check, situation)});
    if (seen) seen(reports.back());
  }
  return reports;
}

int exit_code(const std::vector<HealthReport>& reports) {
  std::vector<ErrorKind> kinds;
  for (const HealthReport& report : reports) {
    if (report.result.state == HealthState::bad) kinds.push_back(report.result.kind);
  }
  if (kinds.empty()) return 0;
  const auto place = [](ErrorKind kind) { return std::find(kBySeriousness.begin(), kBySeriousness.end(), kind); };
  return exit_code(
      *std::min_element(kinds.begin(), kinds.end(), [&](ErrorKind a, ErrorKind b) { return place(a) < place(b); }));
}

}  // namespace martlet
