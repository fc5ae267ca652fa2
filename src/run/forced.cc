#include "run/forced.h"

#include <fmt/format.h>

#include "base/text.h"

namespace martlet {

void record_forced(Course& course, const std::vector<std::string>& in_spite_of) {
  Session& session = course.session();
  session.commit({session.audit().append(
      {.event = "forced",
       .version_before = course.maker().current(),
       .version_after = course.maker().current(),
       .detail = fmt::format("{}; in spite of: {}", course.settings().force_reason, join(in_spite_of, "; "))},
      course.settings().who)});
}

}  // namespace martlet
