#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "override",
    .what = "safety was overridden",
    .help = "something was run in spite of what martlet says",
    .level = AlertLevel::warning,
    .begins = [](const Event& event) { return event.kind == EventKind::overridden; },
}};

}  // namespace
}  // namespace martlet
