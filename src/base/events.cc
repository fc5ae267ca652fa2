#include "base/events.h"

#include <array>

namespace martlet {

std::string_view event_name(EventKind kind) {
  static constexpr std::array<std::string_view, 26> kNames{"run_started",
                                                           "run_finished",
                                                           "waiting_for_lease",
                                                           "waiting_for_lock",
                                                           "retrying",
                                                           "resuming",
                                                           "migration_planned",
                                                           "migration_started",
                                                           "statement_started",
                                                           "statement_progress",
                                                           "statement_finished",
                                                           "migration_finished",
                                                           "migration_failed",
                                                           "notice",
                                                           "hook",
                                                           "paused",
                                                           "going_on",
                                                           "warning",
                                                           "gate_passed",
                                                           "gate_failed",
                                                           "integrity_violated",
                                                           "rolled_back",
                                                           "rollback_refused",
                                                           "backup_failed",
                                                           "restored",
                                                           "overridden"};
  static_assert(kNames.size() == static_cast<std::size_t>(EventKind::overridden) + 1);
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace martlet
