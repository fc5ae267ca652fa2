// How backups are called, written and read in this one place: <env>_backup_<type>_<YYYYMMDD_HHMMSS>[_<name>].mbk
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "backup/manifest.h"

namespace martlet {

struct BackupName {
  std::string environment;  // "db" where none was chosen
  BackupType type = BackupType::full;
  std::chrono::sys_seconds time;
  std::string name;  // "" = none

  std::string file() const;
  /// nullopt for a file that is no backup.
  static std::optional<BackupName> parse(std::string_view file);
};

inline constexpr std::string_view kBackupSuffix = ".mbk";

/// Letters, digits, '-' and '.' stay; everything else becomes '-', so that the parts can be told apart.
std::string file_word(std::string_view text);

/// "20250903_151230", UTC, and back.
std::string compact_time(std::chrono::sys_seconds time);
std::optional<std::chrono::sys_seconds> parse_compact_time(std::string_view text);
/// "2025-09-03T15:12:30Z"
std::string iso_time(std::chrono::sys_seconds time);
std::chrono::sys_seconds now_seconds();

}  // namespace martlet
