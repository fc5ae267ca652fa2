#include "run/forced.h"

#include <fmt/format.h>

#include "base/text.h"

namespace martlet {

void record_forced(Course& course, const std::vector<std::string>& in_spite_of) {
  Session& session = course.session();
  const std::string detail =
      fmt::format("{}; in spite of: {}", course.settings().force_reason, join(in_spite_of, "; "));
  session.commit({session.audit().append({.event = "forced",
                                          .version_before = course.maker().current(),
                                          .version_after = course.maker().current(),
                                          .detail = detail},
                                         course.settings().who)});
  course.settings().emit({.kind = EventKind::overridden, .text = detail});
}

}  // namespace martlet
