// Backups that no rule of backup.retention keeps.
#pragma once

#include <vector>

#include "backup/retention.h"
#include "config/config.h"

namespace martlet {

/// Only looked at, or removed.
enum class Expiry { looked_at, done };

/// What becomes of each backup of the store, with the reason, and removes those that nothing keeps. One that a run
/// refers to which is not finished stays. Uploads that were begun a day ago and never completed go as well.
std::vector<RetentionVerdict> expire_backups(const Config& config, Expiry expiry);

}  // namespace martlet
