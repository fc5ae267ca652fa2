// A backup becomes a database, and takes the place of the one in use.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "backup/backup.h"
#include "history/lease.h"

namespace martlet {

struct RestoreOptions {
  int jobs = 1;  // more than 1: pg_restore works in parallel, from a temporary file of mode 0600
  /// structure: the digests alone; content: every sum, from the restored rows.
  VerifyLevel verify = VerifyLevel::content;
  std::string reason;  // recorded in the audit
};

/// A restored database beside the one in use: complete, verified, used by nobody. Nothing else was changed. The
/// destructor drops it unless put_in_place() was called; what a crash leaves is dropped by the next restore. While this
/// lives, no migration run and no other restore of that database can begin.
class Restore {
 public:
  /// Of a backup in the store. Throws Error{validation} where the backup is damaged or its rows are not what they were.
  Restore(const BackupSettings& settings, const std::string& file, const RestoreOptions& options);
  ~Restore();
  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;

  /// Of a file of another tool: a script of SQL, a dump of pg_dump's, a SQLite database. There is nothing to verify.
  static std::unique_ptr<Restore> of_plain_file(const BackupSettings& settings, const std::string& file,
                                                const RestoreOptions& options);

  /// The new database, to migrate it on before it is put in place.
  const Url& url() const { return restored_; }
  /// In one step; see BackupEngine::swap. The old database stays under the name that is returned, "" where there was
  /// none.
  std::string put_in_place();

 private:
  Restore(const BackupSettings& settings, RestoreOptions options, const BackupEngine& engine);
  /// Reserves, holds off migration runs, makes the empty database.
  void begin(const BackupHeader& header);
  void fill_from(const std::string& file);
  void write_history(const std::string& source);
  void drop() noexcept;

  const BackupSettings settings_;
  const RestoreOptions options_;
  const BackupEngine& engine_;
  const HistoryNames names_;
  Url restored_;
  bool exists_ = false;    // the new database
  bool replaces_ = false;  // there is an old one
  std::string version_before_;
  std::shared_ptr<void> reservation_;
  std::unique_ptr<Connection> old_;
  std::optional<Lease> lease_;
};

}  // namespace martlet
