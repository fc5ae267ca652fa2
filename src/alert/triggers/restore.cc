#include "alert/trigger.h"

namespace martlet {
namespace {

const Registered<AlertTrigger> kTrigger{{
    .id = "restore",
    .what = "database was restored",
    .help = "a backup was put in the place of the database",
    .level = AlertLevel::warning,
    .begins = [](const Event& event) { return event.kind == EventKind::restored; },
}};

}  // namespace
}  // namespace martlet
