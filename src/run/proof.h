// `martlet test`: does every migration go up, down and up again, on a scratch database?
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/error.h"
#include "run/settings.h"

namespace martlet {

/// What a migration's down is worth, seen on the scratch database.
enum class DownLabel {
  reversible,    // the catalog is what it was before the up, and nothing that held rows was dropped
  lossy,         // likewise, but it dropped what held data, or what the up had dropped came back without its data
  not_inverse,   // the catalog is not what it was
  irreversible,  // the file says so
  missing,       // there is no down
  failed,        // it did not run
};
std::string_view label_name(DownLabel label);

struct ProofItem {
  std::string id, label, name;
  bool went_up = true;
  Milliseconds up{0}, down{0}, again{0};
  DownLabel down_label = DownLabel::reversible;
  std::string difference;       // of the catalogs, for not_inverse
  std::vector<Error> failures;  // of the up, the down, the second up, or the project's own checks
  bool passed() const;
};

struct ProofReport {
  std::vector<ProofItem> items;
  std::vector<Error> failures;  // of the whole: a second `up` had something to do, …
  bool passed() const;
};

struct ProofOptions {
  std::string scratch_url;  // "" = beside the target, or a server of its own
  std::string tests_path;   // folder of <stem>.before.sql, .after.sql, .down.sql; need not exist
  std::function<void(const ProofItem&)> finished;
};

/// For each migration in order, on a scratch database: the project's <stem>.before.sql, up, <stem>.after.sql, down,
/// <stem>.down.sql, up again; the catalog after the down must be the one before the up, and the catalog after the
/// second up the one after the first. Then the repeatables, and an `up` that must find nothing to do. Goes on with the
/// next migration after a failed down, not after a failed up.
[[nodiscard]] ProofReport prove(const RunSettings& settings, const ProofOptions& options);

}  // namespace martlet
