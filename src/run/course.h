// The course of one run: what is asked, what is there, and what has been done so far.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "history/standing.h"
#include "run/consent.h"
#include "run/jobs.h"
#include "run/report.h"
#include "run/session.h"

namespace martlet {

class Course {
 public:
  /// Connects and reads the ledger in one round trip, reading the folder meanwhile. Takes no lock. Where both fail, the
  /// folder's error is thrown.
  explicit Course(const RunSettings& settings);

  const RunSettings& settings() const { return session_.settings; }
  const Folder& folder() const { return folder_; }
  Session& session() { return session_; }
  const Ledger& ledger() const { return ledger_; }
  const std::vector<StandingEntry>& entries() const { return entries_; }
  bool has_leftovers() const { return ledger_.unfinished() > 0; }
  JobMaker& maker() { return *maker_; }
  /// The label of the version that the database is at.
  const std::string& current() const { return maker_->current(); }

  /// Creates martlet's tables, takes the lease, looks again. From here on the run may write.
  void take_lease();
  /// Reads ledger and standings again, after the run itself changed them.
  void look();
  /// The label of what was applied before this entry; "base" where there is nothing.
  std::string version_below(const StandingEntry& entry) const;
  /// Notes the jobs, of one transaction, that a failure from now on belongs to.
  void starting(std::span<const Job> jobs);
  /// Notes a committed job.
  void finished(const Job& job);
  /// True where the hook before the run said that nobody else writes until it is over.
  bool writers_fenced() const { return writers_fenced_; }
  /// What was done. Reads the ledger once more where something was: an out-of-order migration does not move the
  /// version.
  RunReport conclude();

  /// Hooks and callbacks around `body`: before (a failure there refuses the run), after, and on failure. A failure of
  /// `body` is told with the database's state, recorded in the audit, and thrown on.
  void run_with_hooks(Direction direction, const std::function<void()>& body);

 private:
  Course(const RunSettings& settings, const std::shared_ptr<FolderReading>& reading);
  /// Fills the ledger; returns the ids of migrations that a crash left unfinished.
  std::set<std::string> read_history();
  void weigh(const std::set<std::string>& unfinished);
  void run_callbacks(const std::string& event);
  void tell_failure(Direction direction, Error& error);

  Folder folder_;
  Session session_;
  Ledger ledger_;
  std::vector<StandingEntry> entries_;
  std::unique_ptr<JobMaker> maker_;
  RunReport report_;
  bool writers_fenced_ = false;
  std::string at_work_, at_work_id_;  // the jobs that are running, and the id where it is one
};

}  // namespace martlet
