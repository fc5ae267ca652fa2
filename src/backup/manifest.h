// What a backup says about itself: the header before its data, the manifest after it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backup/content_sum.h"
#include "base/seal.h"

namespace martlet {

enum class BackupType { full, schema, data };
/// "full", "schema", "data".
std::string_view type_name(BackupType type);
/// Throws Error{usage} for another word.
BackupType type_from(std::string_view name);

/// Why a backup was taken: retention treats those before a migration differently.
inline constexpr std::string_view kManual = "manual";
inline constexpr std::string_view kPreMigration = "pre-migration";

struct Encryption {
  KeyDerivation key;
  std::string key_check;      // SealKey::check()
  std::string stream_header;  // StreamSealer::header()
};

/// Readable without a key.
struct BackupHeader {
  std::string tool_version;
  std::string engine;          // "postgres", "sqlite"
  std::string server_version;  // as the server writes it: "15.14"
  std::string dump_version;    // of pg_dump; "" for SQLite
  std::string environment;     // "" = none was chosen
  std::string database;
  BackupType type = BackupType::full;
  std::string name;      // what the user called it, "" = nothing
  std::string purpose;   // kManual, kPreMigration
  std::string taken_at;  // ISO 8601, UTC: when the snapshot was taken
  std::string version;   // of the migrations in it: the label, "base", "" = no history in that database
  std::string run_id;    // of the run that took it
  std::string actor, host;
  std::string lsn;  // position in the write-ahead log at the snapshot; "" = not known
  bool with_owner = false;
  std::map<std::string, std::string> settings;  // what a new database must be made with, and sessions must set
  std::optional<Encryption> encryption;

  std::string json() const;
  /// Throws Error{validation} for what is no header.
  static BackupHeader parse(std::string_view json);
};

/// The rows of one table.
struct TableContent {
  std::string schema, name;
  /// PostgreSQL: "COPY public.t (a, b)", to which FROM stdin or TO stdout is added. SQLite: the SELECT.
  std::string statement;
  ContentSum sum;
};

struct SequenceContent {
  std::string schema, name;
  std::string last_value;
  bool is_called = false;
};

/// What a database held when its snapshot was taken.
struct Contents {
  bool summed = true;  // false: --no-sums
  std::uint64_t seed = 0;
  std::vector<TableContent> tables;
  std::vector<SequenceContent> sequences;
  ContentSum large_objects;  // rows: how many

  std::uint64_t rows() const;
};

struct Manifest {
  std::string plain_sha256;  // of the dump, before compression
  std::uint64_t plain_bytes = 0;
  std::string stored_sha256;  // of the file from its first byte to its last of data
  Contents contents;

  std::string json() const;
  static Manifest parse(std::string_view json);
};

}  // namespace martlet
