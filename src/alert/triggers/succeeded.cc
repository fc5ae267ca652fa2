#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "succeeded",
    .what = "run succeeded",
    .help = "a run ended well; closes an incident that `failed` opened",
    .level = AlertLevel::info,
    .begins = [](const Event& event) { return event.kind == EventKind::run_finished; },
    .by_default = false,
}};

}  // namespace
}  // namespace martlet
