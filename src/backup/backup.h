// Backups: taken, listed, verified, pinned, removed. The functions of this room that others call.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "backup/archive.h"
#include "backup/engine/engine.h"
#include "backup/manifest.h"
#include "backup/store/store.h"
#include "base/seal.h"
#include "history/ledger.h"

namespace martlet {

/// Everything that backups need to know, resolved: no flag, file or variable is read below this.
struct BackupSettings {
  StoreOptions store;
  Url url;  // the direct one where a pooler stands before the other
  HistoryOptions history;
  Identity who;
  std::string environment;
  std::optional<SealSecret> secret;  // nullopt: not encrypted
  bool with_owner = false;
  BackupProgress progress = [](std::uint64_t, std::uint64_t) {};
};

struct BackupRequest {
  BackupType type = BackupType::full;
  std::string name;  // "" = none
  std::string_view purpose = kManual;
  bool sums = true;
};

/// How far a verification went: each level includes those before it.
///   structure: the whole file is read, decrypted and decompressed, and every digest compared
///   restore:   it is restored into a scratch database
///   content:   the sums of every table are computed anew from the restored rows
enum class VerifyLevel { structure, restore, content };
std::string_view level_name(VerifyLevel level);
/// Throws Error{usage} for another word.
VerifyLevel level_from(std::string_view name);

/// One verification that took place.
struct Verification {
  VerifyLevel level = VerifyLevel::structure;
  std::string at;  // ISO 8601, UTC
  bool good = false;
  std::vector<std::string> problems;
};

/// What is noted beside a backup, in a file of its own: the archive is never changed.
struct BackupNotes {
  std::string pinned;                       // why, "" = it is not
  std::vector<Verification> verifications;  // oldest first

  /// The highest level that it passed, and nullopt where the last one failed or there was none.
  std::optional<VerifyLevel> proven() const;
};

struct BackupInfo {
  std::string file;  // its name in the store, which is its id in the ledger too
  std::uint64_t size = 0;
  BackupHeader header;
  std::string unreadable;  // why the header could not be read; "" = it was
  BackupNotes notes;
};

/// Takes a backup: the name appears in the store when it is complete. Throws Error, after which there is none.
BackupInfo take_backup(const BackupSettings& settings, const BackupRequest& request);

/// All backups of the store, oldest first; damaged ones too.
std::vector<BackupInfo> list_backups(const StoreOptions& options);
/// The one of this file name, or of a unique beginning of it, or the newest for "latest". Throws Error{usage}.
BackupInfo find_backup(const StoreOptions& options, const std::string& wanted);

/// Its manifest, after reading the whole file. Throws as ArchiveReader does.
Manifest read_manifest(const BackupSettings& settings, const std::string& file);

/// Opens an archive in the store, header read and unlocked.
std::unique_ptr<ArchiveReader> open_backup(const BackupSettings& settings, const std::string& file);

/// Notes a verification, or a pin; "" removes it.
void note_verification(const StoreOptions& options, const std::string& file, const Verification& verification);
void pin_backup(const StoreOptions& options, const std::string& file, const std::string& reason);
/// With its notes.
void remove_backup(const StoreOptions& options, const std::string& file);
/// Copies the archive, as it is, to a local file of mode 0600 that must not exist yet.
void fetch_backup(const StoreOptions& options, const std::string& file, const std::string& to);

}  // namespace martlet
