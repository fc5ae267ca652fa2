#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "lease_wait",
    .what = "run waits for another run",
    .help = "a run has waited for another one to end for longer than `over`",
    .level = AlertLevel::info,
    .begins = [](const Event& event) { return event.kind == EventKind::waiting_for_lease; },
    .ends =
        [](const Event& event) {
          return event.kind == EventKind::run_started || event.kind == EventKind::migration_failed;
        },
    .over = std::chrono::minutes(5),
    .by_default = false,
}};

}  // namespace
}  // namespace martlet
