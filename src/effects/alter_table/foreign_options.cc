// ALTER FOREIGN TABLE … OPTIONS, ALTER COLUMN … OPTIONS, and SET WITHOUT OIDS, which does nothing (tablecmds.c). Which
// options there are is the foreign data wrapper's business.
#include "base/registry.h"
#include "effects/alter_table/action.h"

namespace martlet {
namespace {

const Registered<AlterAction> kGenericOptions{{
    .id = "GenericOptions",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_GenericOptions,
    .words = "OPTIONS",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::foreign_table,
    .execute = [](const AlterStep&) {},
}};

const Registered<AlterAction> kColumnGenericOptions{{
    .id = "AlterColumnGenericOptions",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnGenericOptions,
    .words = "ALTER COLUMN ... OPTIONS",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::foreign_table,
    .execute = [](const AlterStep& step) { static_cast<void>(existing_column(step, step.command.name)); },
}};

const Registered<AlterAction> kDropOids{{
    .id = "DropOids",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DropOids,
    .words = "SET WITHOUT OIDS",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::drop,
    .targets = alter_target::table | alter_target::foreign_table,
    .execute = [](const AlterStep&) {},
}};

}  // namespace
}  // namespace martlet
