// ALTER TABLE … SET TABLESPACE, SET ACCESS METHOD (tablecmds.c, ATPrepSetTableSpace, ATPrepSetAccessMethod).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/definition/parts.h"
#include "effects/named_object.h"

namespace martlet {
namespace {

void prepare_tablespace(const AlterStep& step) {
  const std::string name = step.command.name;
  require_tablespace(step.execution(), name);
  AlteredTable& altered = step.alter.altered(step.table);
  if (altered.new_file) step.fail("42601", "cannot have multiple SET TABLESPACE subcommands");
  const std::string wanted = stored_tablespace(name);
  if (step.relation().tablespace == wanted && !step.relation().assumed) return;
  altered.new_file = true;
}

void set_tablespace(const AlterStep& step) {
  step.edit().tablespace = stored_tablespace(step.command.name);
}

void prepare_access_method(const AlterStep& step) {
  const Catalog& catalog = step.execution().catalog;
  const std::string name = step.command.name;
  const Relation& table = step.relation();
  if (table.is_partitioned()) step.fail("42809", "cannot change access method of a partitioned table");
  AlteredTable& altered = step.alter.altered(step.table);
  if (altered.access_method_changed) step.fail("42601", "cannot have multiple SET ACCESS METHOD subcommands");
  if (name != "heap" && is_missing(catalog, "access method", name)) {
    step.fail("42704", fmt::format("access method \"{}\" does not exist", name));
  }
  if (table.access_method == name || (table.access_method.empty() && name == "heap")) return;
  altered.access_method_changed = true;
  altered.rewrite = true;
}

void set_access_method(const AlterStep& step) {
  step.edit().access_method = step.command.name;
}

const Registered<AlterAction> kSetTablespace{{
    .id = "SetTableSpace",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace,
    .words = "SET TABLESPACE",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets =
        alter_target::table | alter_target::materialized_view | alter_target::index | alter_target::partitioned_index,
    .execute = set_tablespace,
    .prepare = prepare_tablespace,
}};

const Registered<AlterAction> kSetAccessMethod{{
    .id = "SetAccessMethod",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod,
    .words = "SET ACCESS METHOD",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table | alter_target::materialized_view,
    .execute = set_access_method,
    .prepare = prepare_access_method,
}};

}  // namespace
}  // namespace martlet
