// ALTER … SET (…), RESET (…): storage parameters of tables, indexes and views (tablecmds.c, ATExecSetRelOptions).
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/definition/parts.h"
#include "effects/definition/storage_options.h"

namespace martlet {
namespace {

// AlterTableGetRelOptionsLockLevel
LockMode lock_of(const PgQuery__AlterTableCmd& command) {
  LockMode strongest = LockMode::share_update_exclusive;
  for (const Node* each : list(command.def->list->n_items, command.def->list->items)) {
    strongest = std::max(strongest, option_lock(each->def_elem->defname).value_or(strongest));
  }
  return strongest;
}

void check(const AlterStep& step, const PgQuery__DefElem& written) {
  const Relation& relation = step.relation();
  const std::optional<OptionHolder> holder = option_holder(relation);
  // An access method of an extension has options of its own.
  if (!holder && relation.kind == RelationKind::index) return;
  require_option(step.execution(), holder, written);
}

std::string full_name(const PgQuery__DefElem& written) {
  return *written.defnamespace ? fmt::format("{}.{}", written.defnamespace, written.defname) : written.defname;
}

void change(const AlterStep& step, bool set) {
  std::vector<std::string> options = step.relation().options;
  for (const Node* each : list(step.command.def->list->n_items, step.command.def->list->items)) {
    const PgQuery__DefElem& written = *each->def_elem;
    if (set) check(step, written);
    const bool of_toast = *written.defnamespace;
    const std::string name = full_name(written);
    std::erase_if(options, [&](const std::string& text) { return text.starts_with(name + "="); });
    if (set && !of_toast) options.push_back(name + "=" + option_value(written));
  }
  step.edit().options = std::move(options);
}

AlterAction action(std::string_view id, PgQuery__AlterTableType type, std::string_view words,
                   void (*execute)(const AlterStep& step)) {
  return {.id = id,
          .type = type,
          .words = words,
          .lock = LockMode::share_update_exclusive,
          .pass = AlterPass::miscellaneous,
          .targets = alter_target::table | alter_target::view | alter_target::materialized_view | alter_target::index,
          .execute = execute,
          .lock_of = lock_of};
}

const Registered<AlterAction> kSet{action("SetRelOptions", PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions, "SET",
                                          [](const AlterStep& step) { change(step, true); })};
const Registered<AlterAction> kReset{action("ResetRelOptions", PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions, "RESET",
                                            [](const AlterStep& step) { change(step, false); })};

}  // namespace
}  // namespace martlet
