// ALTER … SET (…), RESET (…): storage parameters of tables, indexes and views (reloptions.c; tablecmds.c,
// ATExecSetRelOptions).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/registry.h"
#include "base/text.h"
#include "effects/alter_table/action.h"
#include "effects/definition/parts.h"

namespace martlet {
namespace {

// What has options, as bits.
enum : unsigned { heap = 1, toast = 2, btree = 4, hash = 8, gist = 16, spgist = 32, gin = 64, brin = 128, view = 256 };

enum class Value { boolean, integer, real, word };

struct Option {
  std::string_view name;
  unsigned on;
  Value value;
  LockMode lock;
  double low, high;
};

constexpr LockMode kLight = LockMode::share_update_exclusive;
constexpr LockMode kHeavy = LockMode::access_exclusive;
constexpr double kMost = 2147483647;

// PostgreSQL 15, reloptions.c: boolRelOpts, intRelOpts, realRelOpts, enumRelOpts.
constexpr std::array<Option, 38> kOptions{{
    {"autosummarize", brin, Value::boolean, kHeavy, 0, 0},
    {"autovacuum_enabled", heap | toast, Value::boolean, kLight, 0, 0},
    {"user_catalog_table", heap, Value::boolean, kHeavy, 0, 0},
    {"fastupdate", gin, Value::boolean, kHeavy, 0, 0},
    {"security_barrier", view, Value::boolean, kHeavy, 0, 0},
    {"security_invoker", view, Value::boolean, kHeavy, 0, 0},
    {"vacuum_truncate", heap | toast, Value::boolean, kLight, 0, 0},
    {"deduplicate_items", btree, Value::boolean, kLight, 0, 0},
    {"fillfactor", heap | btree | hash | gist | spgist, Value::integer, kLight, 10, 100},
    {"autovacuum_vacuum_threshold", heap | toast, Value::integer, kLight, 0, kMost},
    {"autovacuum_vacuum_insert_threshold", heap | toast, Value::integer, kLight, -1, kMost},
    {"autovacuum_analyze_threshold", heap, Value::integer, kLight, 0, kMost},
    {"autovacuum_vacuum_cost_limit", heap | toast, Value::integer, kLight, 1, 10'000},
    {"autovacuum_freeze_min_age", heap | toast, Value::integer, kLight, 0, 1'000'000'000},
    {"autovacuum_multixact_freeze_min_age", heap | toast, Value::integer, kLight, 0, 1'000'000'000},
    {"autovacuum_freeze_max_age", heap | toast, Value::integer, kLight, 100'000, 2'000'000'000},
    {"autovacuum_multixact_freeze_max_age", heap | toast, Value::integer, kLight, 10'000, 2'000'000'000},
    {"autovacuum_freeze_table_age", heap | toast, Value::integer, kLight, 0, 2'000'000'000},
    {"autovacuum_multixact_freeze_table_age", heap | toast, Value::integer, kLight, 0, 2'000'000'000},
    {"log_autovacuum_min_duration", heap | toast, Value::integer, kLight, -1, kMost},
    {"toast_tuple_target", heap, Value::integer, kLight, 128, 8160},
    {"pages_per_range", brin, Value::integer, kHeavy, 1, 131'072},
    {"gin_pending_list_limit", gin, Value::integer, kHeavy, 64, kMost},
    {"parallel_workers", heap, Value::integer, kLight, 0, 1024},
    {"autovacuum_vacuum_cost_delay", heap | toast, Value::real, kLight, 0, 100},
    {"autovacuum_vacuum_scale_factor", heap | toast, Value::real, kLight, 0, 100},
    {"autovacuum_vacuum_insert_scale_factor", heap | toast, Value::real, kLight, 0, 100},
    {"autovacuum_analyze_scale_factor", heap, Value::real, kLight, 0, 100},
    {"vacuum_cleanup_index_scale_factor", btree, Value::real, kLight, 0, 1e10},
    {"vacuum_index_cleanup", heap | toast, Value::word, kLight, 0, 0},
    {"buffering", gist, Value::word, kHeavy, 0, 0},
    {"check_option", view, Value::word, kHeavy, 0, 0},
    // Options of columns and tablespaces, which share the list: the lock is looked up by name alone.
    {"n_distinct", 0, Value::real, kLight, -1, kMost},
    {"n_distinct_inherited", 0, Value::real, kLight, -1, kMost},
    {"effective_io_concurrency", 0, Value::integer, kLight, 0, 1000},
    {"maintenance_io_concurrency", 0, Value::integer, kLight, 0, 1000},
    {"random_page_cost", 0, Value::real, kLight, 0, kMost},
    {"seq_page_cost", 0, Value::real, kLight, 0, kMost},
}};

const Option* option_named(std::string_view name) {
  const auto at = std::ranges::find(kOptions, name, &Option::name);
  return at == kOptions.end() ? nullptr : &*at;
}

// AlterTableGetRelOptionsLockLevel
LockMode lock_of(const PgQuery__AlterTableCmd& command) {
  LockMode strongest = LockMode::share_update_exclusive;
  for (const Node* each : list(command.def->list->n_items, command.def->list->items)) {
    const Option* option = option_named(each->def_elem->defname);
    if (option) strongest = std::max(strongest, option->lock);
  }
  return strongest;
}

unsigned holder(const Relation& relation) {
  constexpr std::array<std::pair<std::string_view, unsigned>, 6> kMethods{
      {{"btree", btree}, {"hash", hash}, {"gist", gist}, {"spgist", spgist}, {"gin", gin}, {"brin", brin}}};
  if (relation.index) {
    for (const auto& [method, bit] : kMethods) {
      if (relation.index->method == method) return bit;
    }
    return 0;
  }
  if (relation.kind == RelationKind::view) return view;
  return relation.is_heap() ? unsigned{heap} : 0U;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 10> kWords{"true", "false", "on", "off", "yes", "no", "1", "0", "t", "f"};
  return std::ranges::find(kWords, lower(text)) != kWords.end();
}

bool is_word_of(const Option& option, std::string_view text) {
  if (option.name == "check_option") return text == "local" || text == "cascaded";
  return text == "auto" || is_boolean(text);
}

void check_value(const AlterStep& step, const Option& option, const std::string& text) {
  const auto refuse = [&](std::string_view kind) {
    step.fail("22023", fmt::format("invalid value for {} option \"{}\": {}", kind, option.name, text));
  };
  if (option.value == Value::boolean && !is_boolean(text)) refuse("boolean");
  if (option.value == Value::word && !is_word_of(option, lower(text))) refuse("enum");
  if (option.value != Value::integer && option.value != Value::real) return;
  const std::optional<double> value = number(text);
  if (!value) refuse(option.value == Value::integer ? "integer" : "floating point");
  if (*value >= option.low && *value <= option.high) return;
  step.fail("22023", fmt::format("value {} out of bounds for option \"{}\"", text, option.name));
}

void check(const AlterStep& step, const PgQuery__DefElem& written) {
  const std::string_view space = written.defnamespace;
  if (!space.empty() && space != "toast") {
    step.fail("22023", fmt::format("unrecognized parameter namespace \"{}\"", space));
  }
  const unsigned holds = space == "toast" ? unsigned{toast} : holder(step.relation());
  const Option* option = option_named(written.defname);
  // An access method of an extension has options of its own.
  if (holds == 0 && step.relation().kind == RelationKind::index) return;
  if (!option || !(option->on & holds)) {
    step.fail("22023", fmt::format("unrecognized parameter \"{}\"", written.defname));
  }
  check_value(step, *option, option_value(written));
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
