// `-- martlet:batch` before a statement of a migration.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/error.h"
#include "recipe/batch.h"

namespace martlet {

/// A statement that is to run in committed batches.
struct BatchWish {
  long size = 0;                 // the most rows of a batch; 0 = as many as take the configured time
  Milliseconds pause{0};         // after each batch
  std::vector<std::string> key;  // columns to go by; empty = chosen from the catalog
  Place place;                   // of the directive
  /// What it becomes: set from the catalog before the first statement of the file runs (run/batching.h), or by whoever
  /// planned the statement.
  std::optional<BatchChange> change;
};

}  // namespace martlet
