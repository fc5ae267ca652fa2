#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "duration",
    .what = "run takes long",
    .help = "a run is still at work after `over`, told while it runs",
    .level = AlertLevel::warning,
    .begins = [](const Event& event) { return event.kind == EventKind::run_started; },
    .ends =
        [](const Event& event) {
          return event.kind == EventKind::run_finished || event.kind == EventKind::migration_failed;
        },
    .over = std::chrono::minutes(5),
}};

}  // namespace
}  // namespace martlet
