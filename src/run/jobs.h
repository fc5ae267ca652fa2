// Migrations → jobs: what to run, and what to record with it.
#pragma once

#include <string>
#include <vector>

#include "history/standing.h"
#include "run/job.h"
#include "run/session.h"

namespace martlet {

/// Builds the jobs of one run and follows where the database is. Scripts are split when their job is made, so that
/// a large folder is not held in memory as statements.
class JobMaker {
 public:
  JobMaker(Session& session, const Folder& folder, const Ledger& ledger, std::string current_version);

  /// Throws Error{validation} for what cannot be run as written (see prepare_up).
  Job up(const Migration& migration);
  /// `after` is the version the database is at once this is undone. Takes the down text from the file, or from the
  /// ledger where the file is gone or was edited (and says so by a warning event). Throws Error{validation} where there
  /// is no down or the migration is irreversible.
  Job down(const StandingEntry& entry, const std::string& after);
  /// A later phase of what is applied. Its script comes from the stored plan.
  Job later(const StandingEntry& entry, Phase phase);
  /// Takes back what was done of the migration by the stored plan, in place of its own down part.
  Job undo(const StandingEntry& entry, const std::string& after);
  /// Callback scripts of one event, as a job of their own; empty script where there are none.
  Job callbacks(const std::string& event);

  /// The backup that the ledger rows of this run will name.
  void backed_up(std::string file) { backup_id_ = std::move(file); }
  const std::string& backup() const { return backup_id_; }

  const std::string& current() const { return current_; }
  /// Once a job is committed: its version_after, "" for a repeatable.
  void reached(const std::string& version) {
    if (!version.empty()) current_ = version;
  }

 private:
  struct DownText {
    SourceText source;
    bool transactional = true;
  };
  struct Versions {
    std::string before, after;
  };
  Script callback_script(const std::string& event) const;
  static DownText as_stored(const StandingEntry& entry, const std::string& text);
  DownText down_text(const StandingEntry& entry) const;
  std::vector<Request> record_up(const Migration& migration, long long order, const Versions& versions,
                                 Milliseconds elapsed);
  std::vector<Request> record_down(const StandingEntry& entry, const Versions& versions, Milliseconds elapsed);
  /// The versions before and after the job that is being made, when the jobs run in the order in which they are made.
  Versions plan(const std::string& after);
  Job job_of(const StandingEntry& entry) const;
  Request audit(const StandingEntry& entry, std::string_view event, const Versions& versions, Milliseconds elapsed);

  Session& session_;
  const Folder& folder_;
  std::string current_;  // where the database is
  std::string backup_id_;
  std::string planned_;  // where it will be when all jobs made so far have run
  long long next_order_;
};

}  // namespace martlet
