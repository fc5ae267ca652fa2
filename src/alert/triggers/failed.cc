#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "failed",
    .what = "run failed",
    .help = "a run failed, or could not begin",
    .level = AlertLevel::critical,
    .begins = [](const Event& event) { return event.kind == EventKind::migration_failed; },
}};

}  // namespace
}  // namespace martlet
