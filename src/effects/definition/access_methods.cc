#include "effects/definition/access_methods.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "effects/named_object.h"

namespace martlet {
namespace {

// PostgreSQL 15: bthandler, hashhandler, gisthandler, ginhandler, spghandler, brinhandler.
constexpr std::array<AccessMethod, 6> kMethods{{
    // name, unique, multicolumn, include, exclusion, ordered
    {"btree", true, true, true, true, true},
    {"hash", false, false, false, true, false},
    {"gist", false, true, true, true, false},
    {"gin", false, true, false, false, false},
    {"spgist", false, false, true, true, false},
    {"brin", false, true, false, false, false},
}};

}  // namespace

const AccessMethod* builtin_access_method(std::string_view name) {
  const auto at = std::ranges::find(kMethods, name, &AccessMethod::name);
  return at == kMethods.end() ? nullptr : &*at;
}

void require_access_method(const Execution& execution, std::string_view name, const IndexDemands& demands) {
  const AccessMethod* method = builtin_access_method(name);
  if (!method) {
    if (!is_missing(execution.catalog, "access method", name)) return;
    execution.fail("42704", fmt::format("access method \"{}\" does not exist", name));
  }
  const auto refuse_unless = [&](bool able, std::string_view what) {
    if (!able) execution.fail("0A000", fmt::format("access method \"{}\" does not support {}", name, what));
  };
  refuse_unless(method->unique || !demands.unique, "unique indexes");
  refuse_unless(method->include || demands.included == 0, "included columns");
  refuse_unless(method->multicolumn || demands.keys <= 1, "multicolumn indexes");
  refuse_unless(method->exclusion || !demands.exclusion, "exclusion constraints");
}

}  // namespace martlet
