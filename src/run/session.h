// The run's connection, and what belongs to it: names, lease, audit, and who watches and steers it.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "db/connection.h"
#include "history/audit.h"
#include "history/lease.h"
#include "history/ledger.h"
#include "run/settings.h"
#include "watch/helm.h"
#include "watch/observer.h"
#include "watch/session_watch.h"

namespace martlet {

/// Opened for reading first; take_lease() turns it into the one session that may write.
class Session {
 public:
  /// Throws Error{connection}. Creates the database first where the settings say so.
  explicit Session(const RunSettings& settings);
  ~Session();

 private:
  Events events_;  // to the settings' own, one thread at a time, and to the helm
  std::mutex telling_;

 public:
  const RunSettings settings;
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
  /// Whether the run may write: it has the lease.
  bool may_write() const { return audit_.has_value(); }
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

  SessionWatch& watch() { return watch_; }
  Helm& helm() { return helm_; }
  /// Before a step or a batch, with no transaction open, from any thread but one at a time: waits for as long as the
  /// throttle or a pause says, and says why. Throws Error{cancelled} where the run is to end.
  void turn(const std::function<std::string()>& remains = {});
  /// Between two migrations: as turn(), whatever the throttle says.
  void stand_by(const std::function<std::string()>& remains = {});
  /// What every safe point asks as well, from the thread that is at one: a reason to stand still, "" = none. What it
  /// throws ends the run there.
  void hold_by(std::function<std::string()> reason) { hold_ = std::move(reason); }
  /// Lets go of the database while `work` puts another one in its place, then takes the lease of the one that is there.
  void away_while(const std::function<void()>& work);
  /// The lock_timeout (and deadlock_timeout) of the transactions from now on, where they are to differ from the
  /// settings'.
  void set_lock_terms(std::optional<LockTerms> terms) { lock_terms_ = terms; }

 private:
  void open();
  void come_back();
  RunSettings with_own_events(RunSettings theirs);
  Lease::Options lease_options() const;

  Observer observer_;
  Helm helm_;
  std::unique_ptr<Connection> connection_;
  SessionWatch watch_;
  Throttle throttle_;
  std::function<std::string()> hold_;
  std::optional<LockTerms> lock_terms_;
  std::optional<Lease> lease_;
  std::optional<Audit> audit_;
  bool pooled_ = false;
};

}  // namespace martlet
