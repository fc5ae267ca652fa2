// A copy of the audit outside the database: events as lines of JSON, and signed checkpoints between them. Whoever may
// change the database's tables can cut events off the end of the chain, or build a whole new one; not in this file, if
// they cannot write there, and not under a signature whose key they do not have.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/signature.h"
#include "history/audit.h"

namespace martlet {

/// "When event `number` was the last one, its hash was `hash`": that fixes every event up to it.
struct Checkpoint {
  long long number = 0;
  std::string hash;
  std::string at;        // ISO 8601, UTC: of the event
  std::string database;  // for people: the URL without its password
  std::string public_key, signature;

  static Checkpoint make(const AuditEvent& last, std::string database, const SigningKey& key);
  /// True where the signature is that of `public_key`, the checkpoint's own one.
  bool holds() const;
  std::string line() const;
  /// nullopt where the line is no checkpoint.
  static std::optional<Checkpoint> read(std::string_view line);

 private:
  std::string signed_text() const;
};

struct AuditFile {
  std::vector<AuditEvent> events;
  std::vector<Checkpoint> checkpoints;

  /// A missing file is an empty one. A last line that a crash cut short is left out. Throws Error{validation} at the
  /// line that is neither event nor checkpoint.
  static AuditFile read(const std::filesystem::path& path);
};

/// The file's text: all events, oldest first, and a checkpoint of the last one where there is a key. `events` newest
/// first.
std::string audit_export(const std::vector<AuditEvent>& events, const std::string& database,
                         const std::optional<SigningKey>& key);

}  // namespace martlet
