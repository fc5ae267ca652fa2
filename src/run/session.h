// The run's connection, and what belongs to it: names, lease, audit, blockers.
#pragma once

#include <memory>
#include <optional>

#include "db/connection.h"
#include "history/audit.h"
#include "history/lease.h"
#include "history/ledger.h"
#include "run/blockers.h"
#include "run/settings.h"

namespace martlet {

/// Opened for reading first; take_lease() turns it into the one session that may write.
class Session {
 public:
  /// Throws Error{connection}. Creates the database first where the settings say so.
  explicit Session(const RunSettings& settings);
  ~Session();

  const RunSettings& settings;
  const HistoryNames names;

  Connection& connection() { return *connection_; }
  Dialect dialect() const { return settings.url.dialect(); }
  /// Another session on the same database, as the same role.
  std::unique_ptr<Connection> connect_another() const;
  Ledger read_ledger(Ledger::Detail detail = Ledger::Detail::standing);

  /// Creates martlet's tables where they are missing and takes the lease. Throws LockTimeout naming the holder.
  void take_lease();
  Lease& lease() { return *lease_; }
  Audit& audit() { return *audit_; }
  bool pooled() { return pooled_; }

  /// Looks whether the lease is still ours after a statement of a migration that may have released the session's locks,
  /// and takes it again. Throws LockTimeout where another run has it by now.
  void keep_lease_after(std::string_view sql);

  /// After ConnectionLost: connects again (for up to 30 s: a server that restarts needs a moment), takes the lease
  /// again. The ledger may be trusted only after this. Throws Error{connection} when the server stays away.
  void reconnect();

  /// Statements that begin and end every transaction that writes history.
  std::vector<Request> begin(std::optional<Milliseconds> lock_wait,
                             std::optional<Milliseconds> statement_timeout) const;
  /// The lock and statement timeouts alone, for the next file of the same transaction.
  std::vector<Request> timeouts(std::optional<Milliseconds> lock_wait,
                                std::optional<Milliseconds> statement_timeout) const;
  /// Undoes what a file may have done to the session: role, authorization, every setting.
  std::vector<Request> reset() const;
  /// Runs history statements in one transaction of their own, with the lease fenced.
  void commit(std::vector<Request> requests);
  /// Rolls back what is open, and forgets the audit events that were part of it.
  void abandon() noexcept;

  BlockerWatch& blockers() { return blockers_; }

 private:
  void open();
  Lease::Options lease_options() const;

  std::unique_ptr<Connection> connection_;
  BlockerWatch blockers_;
  std::optional<Lease> lease_;
  std::optional<Audit> audit_;
  bool pooled_ = false;
};

}  // namespace martlet
