#include "alert/trigger.h"

#include <fmt/format.h>

#include "base/text.h"

namespace martlet {

const AlertTrigger& find_trigger(std::string_view id) {
  if (const AlertTrigger* found = Registry<AlertTrigger>::find(id)) return *found;
  std::vector<std::string> ids;
  for (const AlertTrigger* each : Registry<AlertTrigger>::all()) ids.emplace_back(each->id);
  const auto meant = nearest(id, ids);
  throw Error(ErrorKind::usage, fmt::format("there is no trigger \"{}\"", id))
      .next(meant ? fmt::format("did you mean {}?", *meant) : "there are: " + join(ids, ", "));
}

}  // namespace martlet
