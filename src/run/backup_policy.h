// A backup before the run, where the policy asks for one.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "backup/verify.h"
#include "run/job.h"

namespace martlet {

class Course;

struct BackupPolicy {
  /// automatic: before every run that is not provably harmless.
  enum class When { never, automatic, always } when = When::never;
  bool skipped = false;  // --skip-backup: recorded where a backup would have been taken
  BackupSettings settings;
  std::optional<VerifyOptions> verify;  // nullopt: it is not verified
};

/// True where every statement only adds: new tables, indexes, views, comments, grants. Nothing that was there is
/// changed, so there is nothing that a backup could bring back. What is not known to be harmless is not.
bool provably_harmless(std::span<const Job> jobs);

/// Takes the backup that the policy asks for, verifies it, and records it in the audit; the ledger rows of this run
/// will name it. Throws Error where it cannot be taken or is not good: nothing is run without it.
void backup_first(Course& course, std::span<const Job> jobs);

}  // namespace martlet
