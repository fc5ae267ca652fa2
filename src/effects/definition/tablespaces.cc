// Tablespaces as statements name them.
#include <fmt/format.h>

#include "effects/definition/parts.h"
#include "effects/named_object.h"

namespace martlet {

void require_tablespace(const Execution& execution, const std::string& name) {
  if (name == "pg_default") return;
  if (name == "pg_global") execution.fail("22023", "only shared relations can be placed in pg_global tablespace");
  if (!is_missing(execution.catalog, "tablespace", name)) return;
  execution.fail("42704", fmt::format("tablespace \"{}\" does not exist", name));
}

std::string stored_tablespace(const std::string& name) {
  return name == "pg_default" ? "" : name;
}

}  // namespace martlet
