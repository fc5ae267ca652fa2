#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "rollback",
    .what = "rolled back",
    .help = "what a run did was taken back, or was not although it failed",
    .level = AlertLevel::critical,
    .begins =
        [](const Event& event) {
          return event.kind == EventKind::rolled_back || event.kind == EventKind::rollback_refused;
        },
}};

}  // namespace
}  // namespace martlet
