#include <fmt/format.h>

#include "base/registry.h"
#include "hazard/look.h"

namespace martlet {
namespace {

void check(const Case& at, Findings& found) {
  const PgQuery__AlterEnumStmt& change = *at.node->alter_enum_stmt;
  if (!*change.old_val) return;
  const QualifiedName name = qualified_name(change.n_type_name, change.type_name);
  const Type* type = find_type(at.catalog, at.session, name);
  if (type ? at.state.created_in_run.contains(type->id) : at.catalog.complete) return;
  found.add(at,
            fmt::format("running code that reads or writes '{}' of {} fails, and code that knows '{}' fails until then",
                        change.old_val, name.text(), change.new_val));
}

const Registered<Hazard> kHazard{{
    .id = "enum-rename-value",
    .severity = Hazard::Severity::error,
    .summary = "a value of an enum in use is renamed",
    .why =
        "The old label is refused at once (22P02) in comparisons, INSERT and UPDATE, and rows read back with a label "
        "that old code does not know.",
    .safe_form = "Add the new value, let code accept both, change the rows in batches, and stop using the old one.",
    .on = {PG_QUERY__NODE__NODE_ALTER_ENUM_STMT},
    .check = check,
    .downs = false,
}};

}  // namespace
}  // namespace martlet
