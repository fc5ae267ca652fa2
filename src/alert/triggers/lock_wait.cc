#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "lock_wait",
    .what = "run waits for a lock",
    .help = "a run has waited for a lock for longer than `over`",
    .level = AlertLevel::warning,
    .begins =
        [](const Event& event) {
          return event.kind == EventKind::waiting_for_lock || event.kind == EventKind::retrying;
        },
    .ends =
        [](const Event& event) {
          return event.kind == EventKind::statement_finished || event.kind == EventKind::statement_progress ||
                 event.kind == EventKind::migration_finished || event.kind == EventKind::migration_failed ||
                 event.kind == EventKind::run_finished;
        },
    .over = std::chrono::seconds(30),
}};

}  // namespace
}  // namespace martlet
