// Which object a name means.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "effects/session_state.h"
#include "sql/nodes.h"

namespace martlet {

/// What `find(schema, name)` finds first: in the schema that is written, otherwise in those where the server looks
/// without being told to (temporary objects, then its own), then along the session's search path. A null pointer where
/// there is nothing.
template <class Find>
auto by_search_path(const SessionState& session, const QualifiedName& name, const Find& find) {
  using Found = decltype(find(std::string_view(), std::string_view()));
  if (!name.schema.empty()) return find(std::string_view(name.schema), std::string_view(name.name));
  for (const std::string_view implicit : {"pg_temp", "pg_catalog"}) {
    if (Found found = find(implicit, std::string_view(name.name))) return found;
  }
  for (const std::string& schema : session.search_path) {
    const std::string_view real = schema == "$user" ? session.user : schema;
    if (Found found = find(real, std::string_view(name.name))) return found;
  }
  return Found{};
}

}  // namespace martlet
