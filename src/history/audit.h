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
  /// Reads the chain's end, the database role and the server's clock, in one round trip. The tables must exist.
  static Audit open(Connection& connection, const HistoryNames& names);
  /// The statement that writes the event. Number, time, who, role and hashes are filled in, passwords in `detail`
  /// masked. Advances the chain: call confirm() once it is committed, rewind() if it was not.
  Request append(AuditEvent event, const Identity& who);
  /// Back to the last confirmed end.
  void rewind();
  /// What was appended is committed.
  void confirm();

  /// All events, newest first.
  static std::vector<AuditEvent> read(Connection& connection, const HistoryNames& names);
  /// The number of the first event that was changed, or is missing, or follows a missing one; 0 where the chain holds.
  /// Events cut off at the end leave a chain that holds: only a copy kept elsewhere can show that.
  static long long first_broken(const std::vector<AuditEvent>& events);

 private:
  HistoryNames names_;
  long long number_ = 0, confirmed_number_ = 0;
  std::string hash_, confirmed_hash_;
  std::string role_;
  long long clock_offset_ms_ = 0;
};

}  // namespace martlet
