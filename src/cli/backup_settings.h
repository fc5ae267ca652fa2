// Configuration → what backups need; and how backups are shown.
#pragma once

#include <memory>
#include <string>

#include "backup/backup.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"

namespace martlet {

/// For commands that only look at the store, no database needs to be configured.
BackupSettings backup_settings(const Config& config);

/// What `up` and `down` do before they run.
struct BackupPolicy;
std::shared_ptr<const BackupPolicy> backup_policy(const Context& context);
/// How far a verification goes, and where its scratch database may be.
struct VerifyOptions;
VerifyOptions verify_options(const Config& config, const std::string& level);

/// "174.3 MB"
std::string show_bytes(std::uint64_t bytes);

nlohmann::ordered_json to_json(const BackupInfo& info);
nlohmann::ordered_json to_json(const Verification& verification);

/// A progress line in megabytes while it lives, where there is a terminal.
class BackupProgressLine {
 public:
  BackupProgressLine(Output& output, std::string title);
  /// For BackupSettings::progress; must not outlive this.
  BackupProgress callback();

 private:
  std::string title_;
  Progress progress_;
  std::uint64_t shown_ = 0;
};

}  // namespace martlet
