#include "effects/named_object.h"

namespace martlet {
namespace {

bool exists(const Catalog& catalog, std::string_view kind, std::string_view name) {
  bool found = false;
  catalog.others.each_named("", name, [&](const OtherObject& each) { found |= each.kind == kind; });
  return found;
}

}  // namespace

bool is_missing(const Catalog& catalog, std::string_view kind, std::string_view name) {
  // Every server has this tablespace: without it, nobody asked one.
  return exists(catalog, "tablespace", "pg_default") && !exists(catalog, kind, name);
}

}  // namespace martlet
