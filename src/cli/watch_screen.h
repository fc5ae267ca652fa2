// What `martlet watch` shows, as text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/output.h"
#include "watch/lock_tree.h"
#include "watch/replication.h"
#include "watch/running.h"

namespace martlet {

/// One look at a database.
struct WatchLook {
  std::string where, time;  // "production (shop)", "12:03:11"
  std::string trouble;      // why nothing could be seen; "" = it could
  std::optional<Running> run;
  std::string last;  // what became of the run that was seen before: "applied V007", "" = nothing is known
  std::vector<LockSession> locks;
  std::vector<Standby> standbys;
};

/// The lines of a screen of this size, the last one being `footer`; without a run, says so.
std::vector<std::string> watch_screen(const WatchLook& look, const std::string& footer, std::size_t rows,
                                      std::size_t columns, const Output& output);

/// The same in one line, for files and pipes, without the time.
std::string watch_line(const WatchLook& look);

}  // namespace martlet
