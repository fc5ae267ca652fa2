// The run that is at work on a database, as others see it.
#pragma once

#include <optional>
#include <string>

#include "history/control.h"
#include "history/lease.h"

namespace martlet {

struct Running {
  std::string run_id;
  LeaseHolder holder;
  ControlRow row;  // as far as it is about this run

  /// "running", "waiting", "throttled", "paused"; also before its first report.
  std::string state() const;
};

/// nullopt where nobody holds the lease, or martlet has never run here.
std::optional<Running> find_running(Connection& connection, const HistoryNames& names);

/// By the speed so far; nullopt where it cannot be told.
std::optional<Milliseconds> time_left(const RunProgress& progress);
/// "1200 of about 20000 rows, 400 a second, 47.0 s left"
std::string units_text(const RunProgress& progress);

}  // namespace martlet
