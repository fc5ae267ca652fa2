#include "backup/verify.h"

#include <fmt/format.h>

#include "backup/name.h"
#include "base/digest.h"
#include "base/error.h"
#include "scratch/local_server.h"

namespace martlet {
namespace {

/// A database that exists for the time of one verification, made with the settings of the one that was dumped.
class Trial {
 public:
  Trial(const BackupSettings& settings, const BackupHeader& header, const VerifyOptions& options)
      : engine_(engine_of(header.engine)),
        place_(settings.url, {.server = options.scratch_server, .same_server = options.same_server}) {
    url_ = place_.url().with_database("martlet_scratch_" + random_hex(8));
    engine_.create(url_, header);
  }
  ~Trial() {
    try {
      driver_for(url_).drop_database(url_);
    } catch (...) {
      // It keeps its telling name: scratch_databases() lists it.
    }
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  const Url& url() const { return url_; }

 private:
  const BackupEngine& engine_;
  ScratchDatabase place_;
  Url url_;
};

// Where the database goes wrong on restoring, damage of the archive is the better explanation, so it is read to its
// end.
void read_to_end(ArchiveReader& archive) {
  while (!archive.next().empty()) {
  }
}

void restore_and_compare(const BackupSettings& settings, ArchiveReader& archive, const VerifyOptions& options,
                         Verification& outcome) {
  const BackupHeader& header = archive.header();
  const BackupEngine& engine = engine_of(header.engine);
  const Trial trial(settings, header, options);
  try {
    engine.fill({.url = trial.url(), .header = header}, archive);
  } catch (const Error& error) {
    if (error.kind == ErrorKind::cancelled || error.kind == ErrorKind::validation) throw;
    read_to_end(archive);
    outcome.problems.push_back(error.message + (error.detail.empty() ? "" : ": " + error.detail));
    return;
  }
  if (options.level != VerifyLevel::content) return;
  const Contents& expected = archive.manifest().contents;
  if (!expected.summed) {
    outcome.problems.push_back("it was taken with --no-sums: there is nothing to compare its rows with");
    return;
  }
  for (std::string& each : engine.compare(trial.url(), header, expected)) outcome.problems.push_back(std::move(each));
}

}  // namespace

Verification verify_backup(const BackupSettings& settings, const std::string& file, const VerifyOptions& options) {
  Verification outcome{.level = options.level};
  try {
    const auto archive = open_backup(settings, file);
    if (options.level != VerifyLevel::structure && archive->header().type == BackupType::data) {
      throw Error(ErrorKind::usage, "a backup of data alone cannot be restored alone").next("verify its structure");
    }
    if (options.level == VerifyLevel::structure) {
      read_to_end(*archive);
    } else {
      restore_and_compare(settings, *archive, options, outcome);
    }
  } catch (const Error& error) {
    if (error.kind != ErrorKind::validation) throw;
    outcome.problems.push_back(error.message);
  }
  outcome.good = outcome.problems.empty();
  outcome.at = iso_time(now_seconds());
  note_verification(settings.store, file, outcome);
  return outcome;
}

}  // namespace martlet
