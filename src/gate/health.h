// Health checks: what `doctor` asks before a run and `verify` after it. One file in health/ each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "gate/situation.h"
#include "sql/dialect.h"

namespace martlet {

/// `skipped`: does not apply, or cannot be asked; the message says why. A check that fails to get an answer is bad:
/// not knowing is not health.
enum class HealthState { good, warning, bad, skipped };
/// The word for people and in JSON: "ok", "warning", "bad", "skipped".
std::string_view health_word(HealthState state);

struct HealthResult {
  HealthState state = HealthState::good;
  std::string message;                  // one line, for people
  std::vector<std::string> details;     // further lines: one a thing found
  std::string next;                     // what to do; "" where nothing is to be done
  ErrorKind kind = ErrorKind::refused;  // of a bad one: which failure of a run it stands for

  static HealthResult good(std::string message, std::vector<std::string> details = {});
  static HealthResult warning(std::string message, std::string next, std::vector<std::string> details = {});
  static HealthResult bad(ErrorKind kind, std::string message, std::string next, std::vector<std::string> details = {});
  static HealthResult skipped(std::string message);
};

/// Checks are asked and shown in this order, within a topic by id.
enum class HealthTopic { connection, server, history, files, catalog };
enum class AskedBy { doctor, verify, both };
/// What a check cannot do without; it is skipped where that cannot be had. `history`: martlet's tables exist and can be
/// read; `standings`: and the migrations folder too.
enum class HealthNeed { nothing, connection, history, standings };

struct HealthCheck {
  std::string_view id;       // "invalid-indexes"; the file's name with dashes
  std::string_view summary;  // for help: what is asked
  AskedBy asked_by = AskedBy::both;
  HealthTopic topic = HealthTopic::server;
  HealthNeed needs = HealthNeed::connection;
  std::optional<Dialect> only;  // the dialect it exists for; nullopt = both
  /// Changes nothing in the database. What it throws becomes a bad result.
  HealthResult (*run)(HealthSituation& situation);
};

struct HealthReport {
  const HealthCheck* check = nullptr;
  HealthResult result;
};

/// The checks that `asker` (doctor or verify) asks of a database of this dialect, in order.
std::vector<const HealthCheck*> health_checks(AskedBy asker, Dialect dialect);

/// Runs them all, whatever some of them find, and calls `seen` after each. Throws only Error{cancelled}.
std::vector<HealthReport> examine(HealthSituation& situation, AskedBy asker,
                                  const std::function<void(const HealthReport&)>& seen = {});

/// 0 where nothing is bad, else the exit code of the most serious bad result: no connection (8), partial (6),
/// validation (4), drift (7), usage (2), then refused (9).
int exit_code(const std::vector<HealthReport>& reports);

}  // namespace martlet
