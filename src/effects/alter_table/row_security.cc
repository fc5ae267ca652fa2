// ALTER TABLE … [ENABLE | DISABLE | FORCE | NO FORCE] ROW LEVEL SECURITY (tablecmds.c, ATExecSetRowSecurity).
#include "base/registry.h"
#include "effects/alter_table/action.h"

namespace martlet {
namespace {

AlterAction action(std::string_view id, PgQuery__AlterTableType type, std::string_view words,
                   void (*execute)(const AlterStep& step)) {
  return {.id = id,
          .type = type,
          .words = words,
          .lock = LockMode::access_exclusive,
          .pass = AlterPass::miscellaneous,
          .targets = alter_target::table,
          .execute = execute};
}

const Registered<AlterAction> kEnable{action("EnableRowSecurity", PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity,
                                             "ENABLE ROW SECURITY",
                                             [](const AlterStep& step) { step.edit().row_security = true; })};
const Registered<AlterAction> kDisable{action("DisableRowSecurity", PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity,
                                              "DISABLE ROW SECURITY",
                                              [](const AlterStep& step) { step.edit().row_security = false; })};
const Registered<AlterAction> kForce{action("ForceRowSecurity", PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity,
                                            "FORCE ROW SECURITY",
                                            [](const AlterStep& step) { step.edit().force_row_security = true; })};
const Registered<AlterAction> kNoForce{action("NoForceRowSecurity", PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity,
                                              "NO FORCE ROW SECURITY",
                                              [](const AlterStep& step) { step.edit().force_row_security = false; })};

}  // namespace
}  // namespace martlet
