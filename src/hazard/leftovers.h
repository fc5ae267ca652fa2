// What a down part does not take back.
#pragma once

#include <string>
#include <vector>

#include "hazard/hazard.h"

namespace martlet {

/// What is not as it was before the up part, as people say it: "orders.note is still there", "index orders_id is gone".
/// By name, because what is dropped and made again is another object. Where the columns of a table are not known, only
/// those that the up part made are looked at. The order of columns does not count.
std::vector<std::string> leftovers(const UpAndDown& both);

}  // namespace martlet
