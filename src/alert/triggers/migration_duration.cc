#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "migration_duration",
    .what = "migration takes long",
    .help = "one migration is still at work after `over`, told while it runs",
    .level = AlertLevel::warning,
    .begins = [](const Event& event) { return event.kind == EventKind::migration_started; },
    .ends =
        [](const Event& event) {
          return event.kind == EventKind::migration_finished || event.kind == EventKind::migration_failed;
        },
    .over = std::chrono::minutes(5),
    .by_default = false,
}};

}  // namespace
}  // namespace martlet
