#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "paused",
    .what = "run stands still",
    .help = "a run has stood still for longer than `over`",
    .level = AlertLevel::warning,
    .begins = [](const Event& event) { return event.kind == EventKind::paused; },
    .ends =
        [](const Event& event) {
          return event.kind == EventKind::going_on || event.kind == EventKind::migration_failed ||
                 event.kind == EventKind::run_finished;
        },
    .over = std::chrono::minutes(5),
    .by_default = false,
}};

}  // namespace
}  // namespace martlet
