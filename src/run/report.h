// What a run did.
#pragma once

#include <string>
#include <vector>

#include "base/duration.h"
#include "run/script.h"

namespace martlet {

struct RunItem {
  std::string id, label, name;
  Direction direction = Direction::up;
  Milliseconds elapsed{0};
  std::string word;  // what was done: job_word()
};

struct RunReport {
  std::vector<RunItem> done;
  std::string version_before, version_after;
  std::string run_id;
  bool nothing_to_do() const { return done.empty(); }
};

}  // namespace martlet
