// Recording without running: stamp, baseline, repair.
#pragma once

#include <string>
#include <vector>

#include "run/report.h"
#include "run/settings.h"

namespace martlet {

/// One thing that was recorded, for people: "V003 stamped", "V002: checksum brought up to date".
struct RecordReport {
  std::vector<std::string> lines;
  std::string version_before, version_after;
};

/// Makes the ledger say that the database is at `version` ("head", "base" or a version): everything up to it that is
/// not applied is recorded as stamped, everything beyond it as reverted. No migration runs. Un-recording needs --yes
/// on a protected environment.
[[nodiscard]] RecordReport stamp(const RunSettings& settings, const std::string& version);

/// Starts from an existing database: versions up to and including `version` count as there. Throws Error{refused}
/// where the ledger already has applied migrations. `version` need not exist as a file.
[[nodiscard]] RecordReport baseline(const RunSettings& settings, const std::string& version);

/// A person has settled an interrupted migration by hand: it counts as applied, or as not applied, from now on.
[[nodiscard]] RecordReport settle(const RunSettings& settings, const std::string& version, LedgerState state);

/// Realigns the ledger with the files: takes over the text of edited files, retires those that are gone.
[[nodiscard]] RecordReport repair(const RunSettings& settings);

}  // namespace martlet
