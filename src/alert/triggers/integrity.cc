#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "integrity",
    .what = "integrity is violated",
    .help = "something is not as it must be that was so before the run",
    .level = AlertLevel::critical,
    .begins = [](const Event& event) { return event.kind == EventKind::integrity_violated; },
}};

}  // namespace
}  // namespace martlet
