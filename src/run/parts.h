// Migrations → parts: what to run, and what to record with it.
#pragma once

#include <string>
#include <vector>

#include "history/standing.h"
#include "run/part.h"
#include "run/session.h"

namespace martlet {

/// Builds the parts of one run and follows where the database is. Scripts are split when their part is made, so that
/// a large folder is not held in memory as statements.
class PartMaker {
 public:
  PartMaker(Session& session, const Folder& folder, const Ledger& ledger, std::string current_version);

  /// Throws Error{validation} for what cannot be run as written (see prepare_up).
  Part up(const Migration& migration);
  /// `after` is the version the database is at once this is undone. Takes the down text from the file, or from the
  /// ledger where the file is gone or was edited (and says so by a warning event). Throws Error{validation} where there
  /// is no down or the migration is irreversible.
  Part down(const StandingEntry& entry, std::string after);
  /// Callback scripts of one event, as a part of their own; empty script where there are none.
  Part callbacks(const std::string& event);

  const std::string& current() const { return current_; }
  /// Once a part is committed: its version_after, "" for a repeatable.
  void reached(const std::string& version) {
    if (!version.empty()) current_ = version;
  }

 private:
  struct DownText {
    SourceText source;
    bool transactional = true;
  };
  Script callback_script(const std::string& event) const;
  DownText down_text(const StandingEntry& entry) const;
  std::vector<Request> record_up(const Migration& migration, long long order, Milliseconds elapsed);
  std::vector<Request> record_down(const StandingEntry& entry, const std::string& after, Milliseconds elapsed);

  Session& session_;
  const Folder& folder_;
  std::string current_;
  long long next_order_;
};

}  // namespace martlet
