// What stands around a run that goes forward: gates, the integrity check, automatic rollback, evidence from elsewhere.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "backup/backup.h"
#include "gate/gate.h"
#include "gate/situation.h"

namespace martlet {

/// The environment's policy for a run that failed.
struct AutoRollback {
  bool on_failure = false;    // of a migration
  bool on_integrity = false;  // `verify` finds something after the run that was not so before
  /// When a backup is restored that was taken before the run: never by itself (it is offered), only where the hook
  /// before the run has fenced the writers, or always, whatever was written since.
  enum class Restore { offer, fenced, always } restore = Restore::offer;
};

/// Where a migration must have proved itself before it may run here.
struct Promotion {
  std::string environment;  // "staging"
  Url url;
  HistoryOptions history;
  std::string problem;            // why its URL cannot be had; "" = it can
  Milliseconds longest{300'000};  // that a migration may have taken there
};

struct Safeguards {
  std::vector<Gate> gates;
  std::set<std::string> skipped;  // gates that somebody chose to leave out, by name
  std::string skip_reason;
  HealthTarget health;  // what gates and the integrity check look at
  AutoRollback rollback;
  std::optional<BackupSettings> backup;  // how a backup is restored; nullopt: none is configured
  std::optional<Promotion> promotion;
};

}  // namespace martlet
