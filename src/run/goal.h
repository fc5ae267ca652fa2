// How far to go: the targets of --to, --steps, upgrade, downgrade and goto.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "history/standing.h"

namespace martlet {

/// `head` (all), `base` (nothing), a number of steps, or a version.
struct Goal {
  enum class Kind { head, base, steps, version } kind = Kind::head;
  std::string version;  // as typed
  long steps = 0;       // negative: downwards

  /// "head", "heads", "latest", "base", "+2", "-1", a full version, a unique prefix, a label, a file's stem.
  static Goal parse(std::string_view text);
};

/// The entry a version names: exactly, by number whatever its zeros, by label, by file stem, else by unique prefix. A
/// migration wins over a baseline of the same version. Throws Error{usage} where none or several match, naming them.
const StandingEntry& find_version(const std::vector<StandingEntry>& entries, std::string_view version);

/// What `up` would run to get to the goal, in run order. Repeatables run only on the way to head. Throws Error{usage}
/// for a goal that is not upwards.
std::vector<const StandingEntry*> pending_until(const std::vector<StandingEntry>& entries, const Goal& goal);

/// What `down` would take back to get to the goal, last applied first. Repeatables have no down and are left out.
/// Throws Error{usage} for a goal that is not downwards or a version that is not applied.
std::vector<const StandingEntry*> applied_beyond(const std::vector<StandingEntry>& entries, const Goal& goal);

}  // namespace martlet
