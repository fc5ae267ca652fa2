// ALTER TABLE … ALTER COLUMN … SET STATISTICS, STORAGE, COMPRESSION, (options) (tablecmds.c, ATExecSetStatistics,
// ATExecSetStorage, ATExecSetCompression, ATExecSetOptions).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/registry.h"
#include "base/text.h"
#include "effects/alter_table/action.h"
#include "effects/coercion.h"
#include "effects/definition/parts.h"

namespace martlet {
namespace {

constexpr int kHighestTarget = 10'000;

int integer(const Node* node) {
  return node && node->node_case == PG_QUERY__NODE__NODE_INTEGER ? node->integer->ival : 0;
}

// An index's columns are named by number; only those that are expressions have statistics of their own.
void set_index_statistics(const AlterStep& step) {
  const Relation& index = step.relation();
  const auto number = static_cast<std::size_t>(step.command.num);
  const std::vector<IndexKey>& keys = index.index->keys;
  if (number == 0 || number > keys.size() + index.index->included.size()) {
    step.fail("42703", fmt::format("column number {} of relation \"{}\" does not exist", number, index.name));
  }
  if (number > keys.size()) {
    step.fail("0A000", fmt::format("cannot alter statistics on included column of index \"{}\"", index.name));
  }
  if (keys[number - 1].column != 0) {
    step.fail("0A000", fmt::format("cannot alter statistics on non-expression column of index \"{}\"", index.name));
  }
}

void set_statistics(const AlterStep& step) {
  const bool by_number = !*step.command.name;
  if (by_number && !step.relation().is_index()) step.fail("0A000", "cannot refer to non-index column by number");
  const int target = integer(step.command.def);
  if (target < -1) step.fail("22023", fmt::format("statistics target {} is too low", target));
  if (step.relation().is_index()) return set_index_statistics(step);
  const int number = existing_column(step, step.command.name).number;
  step.edit().column(number)->statistics_target = std::min(target, kHighestTarget);
}

struct Storage {
  std::string_view name;
  char letter;
};
constexpr std::array<Storage, 4> kStorages{{{"plain", 'p'}, {"external", 'e'}, {"extended", 'x'}, {"main", 'm'}}};

// Can values of the type be compressed or put aside (TypeIsToastable)?
bool is_toastable(const Catalog& catalog, TypeUse type) {
  const Type* found = catalog.types.get(base_type(catalog, type).type);
  return !found || type_storage(found) != 'p';
}

std::string type_name(const AlterStep& step, const Column& column) {
  return type_text(step.execution().catalog, {.type = column.type.type});
}

void set_storage(const AlterStep& step) {
  const std::string word = lower(string_value(step.command.def));
  const auto* storage = std::ranges::find(kStorages, word, &Storage::name);
  if (storage == kStorages.end()) step.fail("22023", fmt::format("invalid storage type \"{}\"", word));
  const Column column = existing_column(step, step.command.name);
  if (storage->letter != 'p' && !is_toastable(step.execution().catalog, column.type)) {
    step.fail("0A000", fmt::format("column data type {} can only have storage PLAIN", type_name(step, column)));
  }
  step.edit().column(column.number)->storage = storage->letter;
}

void set_compression(const AlterStep& step) {
  const Column column = existing_column(step, step.command.name);
  const std::string method = std::string(string_value(step.command.def));
  if (method != "default" && !is_toastable(step.execution().catalog, column.type)) {
    step.fail("0A000", fmt::format("column data type {} does not support compression", type_name(step, column)));
  }
  if (method != "default" && method != "pglz" && method != "lz4") {
    step.fail("22023", fmt::format("invalid compression method \"{}\"", method));
  }
  step.edit().column(column.number)->compression = method == "default" ? '\0' : method[0];
}

void change_options(const AlterStep& step, bool set) {
  const Column column = existing_column(step, step.command.name);
  std::vector<std::string> options = column.options;
  for (const Node* each : list(step.command.def->list->n_items, step.command.def->list->items)) {
    const PgQuery__DefElem& option = *each->def_elem;
    const std::string name = option.defname;
    if (name != "n_distinct" && name != "n_distinct_inherited" && set) {
      step.fail("22023", fmt::format("unrecognized parameter \"{}\"", name));
    }
    std::erase_if(options, [&](const std::string& text) { return text.starts_with(name + "="); });
    if (set) options.push_back(name + "=" + option_value(option));
  }
  step.edit().column(column.number)->options = std::move(options);
}

const Registered<AlterAction> kSetStatistics{{
    .id = "SetStatistics",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics,
    .words = "ALTER COLUMN ... SET STATISTICS",
    .lock = LockMode::share_update_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table | alter_target::materialized_view | alter_target::index |
               alter_target::partitioned_index | alter_target::foreign_table,
    .execute = set_statistics,
    .recurses = true,
}};

const Registered<AlterAction> kSetStorage{{
    .id = "SetStorage",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage,
    .words = "ALTER COLUMN ... SET STORAGE",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table | alter_target::materialized_view | alter_target::foreign_table,
    .execute = set_storage,
    .recurses = true,
}};

const Registered<AlterAction> kSetCompression{{
    .id = "SetCompression",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression,
    .words = "ALTER COLUMN ... SET COMPRESSION",
    .lock = LockMode::access_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table | alter_target::materialized_view,
    .execute = set_compression,
}};

const Registered<AlterAction> kSetOptions{{
    .id = "SetOptions",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions,
    .words = "ALTER COLUMN ... SET",
    .lock = LockMode::share_update_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table | alter_target::materialized_view | alter_target::foreign_table,
    .execute = [](const AlterStep& step) { change_options(step, true); },
}};

const Registered<AlterAction> kResetOptions{{
    .id = "ResetOptions",
    .type = PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions,
    .words = "ALTER COLUMN ... RESET",
    .lock = LockMode::share_update_exclusive,
    .pass = AlterPass::miscellaneous,
    .targets = alter_target::table | alter_target::materialized_view | alter_target::foreign_table,
    .execute = [](const AlterStep& step) { change_options(step, false); },
}};

}  // namespace
}  // namespace martlet
