// Does a backup hold what was in the database?
#pragma once

#include "backup/backup.h"
#include "scratch/scratch.h"

namespace martlet {

struct VerifyOptions {
  VerifyLevel level = VerifyLevel::content;
  Url scratch_server;  // where scratch databases may be made; empty = as ScratchDatabase finds
  ScratchDatabase::SameServer same_server = ScratchDatabase::SameServer::allowed;
};

/// Reads, restores and compares as the level says, and notes the outcome beside the backup. Damage is an outcome, with
/// its problems; throws only where nothing can be said about the backup: no key, no scratch database, no store.
[[nodiscard]] Verification verify_backup(const BackupSettings& settings, const std::string& file,
                                         const VerifyOptions& options);

}  // namespace martlet
