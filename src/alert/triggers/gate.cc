#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "gate",
    .what = "gate failed",
    .help = "a gate failed or could not decide",
    .level = AlertLevel::critical,
    .begins = [](const Event& event) { return event.kind == EventKind::gate_failed; },
}};

}  // namespace
}  // namespace martlet
