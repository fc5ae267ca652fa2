// What a statement reads from end to end.
#pragma once

#include <string>
#include <vector>

#include "hazard/hazard.h"

namespace martlet {

struct TablesRead {
  std::vector<std::string> tables;         // with their sizes, as people read them; not those that are new
  LockMode lock = LockMode::access_share;  // the strongest on any of them
};
TablesRead tables_read(const Case& at);

}  // namespace martlet
