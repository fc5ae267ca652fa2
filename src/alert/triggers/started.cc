#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "started",
    .what = "run started",
    .help = "a run begins",
    .level = AlertLevel::info,
    .begins = [](const Event& event) { return event.kind == EventKind::run_started; },
    .by_default = false,
}};

}  // namespace
}  // namespace martlet
