// The audit: append-only, hash-chained events.
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"
#include "history/ledger.h"
#include "history/names.h"

namespace martlet {

struct AuditEvent {
  long long number = 0;   // 1, 2, …
  std::string at;         // ISO 8601, UTC
  std::string event;      // "run-started", "applied", "reverted", "stamped", "repaired", "refused", "failed", …
  std::string migration;  // id, "" for events of a run
  std::string version_before, version_after;
  std::string actor, role, host, ci, ticket, run_id;
  std::string detail;  // human text, secrets masked
  long long duration_ms = 0;
  std::string previous_hash, hash;
};

/// Appends in the running transaction. hash = SHA-256(previous hash ‖ canonical JSON of the event); the caller holds
/// the lease, so the chain has one writer; a unique number makes a second writer fail instead of forking the chain.
class Audit {
 public:
  static Audit open(Connection& connection, const HistoryNames& names);  // reads the chain's end
  Request append(AuditEvent event, const Identity& who);  // advances the chain: call rewind() if it did not commit
  void rewind();                                          // back to the last confirmed end
  void confirm();                                         // what was appended is committed

  static std::vector<AuditEvent> read(Connection& connection, const HistoryNames& names);  // newest first
  /// The number of the first broken link, or 0.
  static long long first_broken(const std::vector<AuditEvent>& events);

 private:
  HistoryNames names_;
  long long number_ = 0, confirmed_number_ = 0;
  std::string hash_, confirmed_hash_;
};

}  // namespace martlet
