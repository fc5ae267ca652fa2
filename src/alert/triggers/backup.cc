#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "backup",
    .what = "backup failed",
    .help = "a backup could not be taken or is not good",
    .level = AlertLevel::critical,
    .begins = [](const Event& event) { return event.kind == EventKind::backup_failed; },
}};

}  // namespace
}  // namespace martlet
