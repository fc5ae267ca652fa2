// ALTER TABLE … ALTER COLUMN … SET DEFAULT, DROP DEFAULT (tablecmds.c, ATExecColumnDefault).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/definition/parts.h"
#include "effects/definition/serial.h"
#include "effects/expression.h"

namespace martlet {
namespace {

void check_kind_of_column(const AlterStep& step, const Column& column) {
  const std::string& table = step.relation().name;
  if (column.identity != Column::Identity::none) {
    step.fail("42601", fmt::format("column \"{}\" of relation \"{}\" is an identity column", column.name, table));
  }
  if (column.generated) {
    step.fail("42601", fmt::format("column \"{}\" of relation \"{}\" is a generated column", column.name, table));
  }
}

void change_default(const AlterStep& step, const Column& before) {
  Column& column = *step.edit().column(before.number);
  column.default_sql.clear();
  column.default_volatility = Volatility::immutable;
  if (!step.command.def) return;
  const ExpressionFacts facts = expression_facts(step.execution(), *step.command.def, nullptr);
  require_default(step.execution(), before, facts);
  note_calls(step.execution(), step.table, facts);
  if (is_no_default(step.execution().catalog, before.type, facts)) return;
  Column& changed = *step.edit().column(before.number);
  changed.default_sql = deparse_expression(*step.command.def);
  changed.default_volatility = facts.volatility;
}

void set_default(const AlterStep& step) {
  const Column before = existing_column(step, step.command.name);
  check_kind_of_column(step, before);
  change_default(step, before);
  note_serial(step.execution(), step.table, before.number);
}

const Registered<AlterAction> kColumnDefault{{
    .id = "ColumnDefault",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault,
    .words = "ALTER COLUMN ... SET DEFAULT",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::add_other_constraint,
    .targets = alter_target::table | alter_target::view | alter_target::foreign_table,
    .execute = set_default,
    .recurses = true,
    .pass_of =
        [](const PgQuery__AlterTableCmd& command) {
          return command.def ? AlterPass::add_other_constraint : AlterPass::drop;
        },
}};

}  // namespace
}  // namespace martlet
