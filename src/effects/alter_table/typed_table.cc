// ALTER TABLE … OF type, NOT OF (tablecmds.c, ATExecAddOf, ATExecDropOf).
#include <fmt/format.h>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/definition.h"

namespace martlet {
namespace {

void compare_columns(const AlterStep& step, const Relation& type) {
  const Relation& table = step.relation();
  if (table.columns_unknown) return;
  for (std::size_t i = 0; i < type.columns.size(); ++i) {
    const Column& wanted = type.columns[i];
    if (i >= table.columns.size()) {
      step.fail("42804", fmt::format("table is missing column \"{}\"", wanted.name));
    }
    const Column& column = table.columns[i];
    if (column.name != wanted.name) {
      step.fail("42804", fmt::format("table has column \"{}\" where type requires \"{}\"", column.name, wanted.name));
    }
    if (column.type != wanted.type) {
      step.fail("42804", fmt::format("table \"{}\" has different type for column \"{}\"", table.name, wanted.name));
    }
  }
  if (table.columns.size() > type.columns.size()) {
    step.fail("42804", fmt::format("table has extra column \"{}\"", table.columns[type.columns.size()].name));
  }
}

void add_of(const AlterStep& step) {
  const TypeUse use = resolve_type(step.execution(), *step.command.def->type_name);
  const Type* type = step.execution().catalog.types.get(use.type);
  if (!type) return;
  const Relation* composite = step.execution().catalog.relations.get(type->relation);
  if (!composite || composite->kind != RelationKind::composite_type) {
    step.fail("42809", fmt::format("type {} is not a composite type", type->name));
  }
  compare_columns(step, *composite);
  if (!step.relation().inherits.empty() || step.relation().partition.parent) {
    step.fail("42809", "typed tables cannot inherit");
  }
  step.edit().of_type = type->id;
}

void drop_of(const AlterStep& step) {
  const Relation& table = step.relation();
  if (!table.of_type && !table.assumed) step.fail("42809", fmt::format("\"{}\" is not a typed table", table.name));
  step.edit().of_type = 0;
}

const Registered<AlterAction> kAddOf{{
    .id = "AddOf",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_AddOf,
    .words = "OF",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table,
    .execute = add_of,
}};

const Registered<AlterAction> kDropOf{{
    .id = "DropOf",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_DropOf,
    .words = "NOT OF",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table,
    .execute = drop_of,
}};

}  // namespace
}  // namespace martlet
