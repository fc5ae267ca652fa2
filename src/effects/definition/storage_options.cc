#include "effects/definition/storage_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "effects/definition/parts.h"

namespace martlet {
namespace {

constexpr unsigned bit(OptionHolder holder) {
  return 1U << static_cast<unsigned>(holder);
}
constexpr unsigned kHeap = bit(OptionHolder::heap), kToast = bit(OptionHolder::toast),
                   kBtree = bit(OptionHolder::btree), kHash = bit(OptionHolder::hash), kGist = bit(OptionHolder::gist),
                   kSpgist = bit(OptionHolder::spgist), kGin = bit(OptionHolder::gin), kBrin = bit(OptionHolder::brin),
                   kView = bit(OptionHolder::view);

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
    {"autosummarize", kBrin, Value::boolean, kHeavy, 0, 0},
    {"autovacuum_enabled", kHeap | kToast, Value::boolean, kLight, 0, 0},
    {"user_catalog_table", kHeap, Value::boolean, kHeavy, 0, 0},
    {"fastupdate", kGin, Value::boolean, kHeavy, 0, 0},
    {"security_barrier", kView, Value::boolean, kHeavy, 0, 0},
    {"security_invoker", kView, Value::boolean, kHeavy, 0, 0},
    {"vacuum_truncate", kHeap | kToast, Value::boolean, kLight, 0, 0},
    {"deduplicate_items", kBtree, Value::boolean, kLight, 0, 0},
    {"fillfactor", kHeap | kBtree | kHash | kGist | kSpgist, Value::integer, kLight, 10, 100},
    {"autovacuum_vacuum_threshold", kHeap | kToast, Value::integer, kLight, 0, kMost},
    {"autovacuum_vacuum_insert_threshold", kHeap | kToast, Value::integer, kLight, -1, kMost},
    {"autovacuum_analyze_threshold", kHeap, Value::integer, kLight, 0, kMost},
    {"autovacuum_vacuum_cost_limit", kHeap | kToast, Value::integer, kLight, 1, 10'000},
    {"autovacuum_freeze_min_age", kHeap | kToast, Value::integer, kLight, 0, 1'000'000'000},
    {"autovacuum_multixact_freeze_min_age", kHeap | kToast, Value::integer, kLight, 0, 1'000'000'000},
    {"autovacuum_freeze_max_age", kHeap | kToast, Value::integer, kLight, 100'000, 2'000'000'000},
    {"autovacuum_multixact_freeze_max_age", kHeap | kToast, Value::integer, kLight, 10'000, 2'000'000'000},
    {"autovacuum_freeze_table_age", kHeap | kToast, Value::integer, kLight, 0, 2'000'000'000},
    {"autovacuum_multixact_freeze_table_age", kHeap | kToast, Value::integer, kLight, 0, 2'000'000'000},
    {"log_autovacuum_min_duration", kHeap | kToast, Value::integer, kLight, -1, kMost},
    {"toast_tuple_target", kHeap, Value::integer, kLight, 128, 8160},
    {"pages_per_range", kBrin, Value::integer, kHeavy, 1, 131'072},
    {"gin_pending_list_limit", kGin, Value::integer, kHeavy, 64, kMost},
    {"parallel_workers", kHeap, Value::integer, kLight, 0, 1024},
    {"autovacuum_vacuum_cost_delay", kHeap | kToast, Value::real, kLight, 0, 100},
    {"autovacuum_vacuum_scale_factor", kHeap | kToast, Value::real, kLight, 0, 100},
    {"autovacuum_vacuum_insert_scale_factor", kHeap | kToast, Value::real, kLight, 0, 100},
    {"autovacuum_analyze_scale_factor", kHeap, Value::real, kLight, 0, 100},
    {"vacuum_cleanup_index_scale_factor", kBtree, Value::real, kLight, 0, 1e10},
    {"vacuum_index_cleanup", kHeap | kToast, Value::word, kLight, 0, 0},
    {"buffering", kGist, Value::word, kHeavy, 0, 0},
    {"check_option", kView, Value::word, kHeavy, 0, 0},
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

void require_value(const Execution& execution, const Option& option, const std::string& text) {
  const auto refuse = [&](std::string_view kind) {
    execution.fail("22023", fmt::format("invalid value for {} option \"{}\": {}", kind, option.name, text));
  };
  if (option.value == Value::boolean && !is_boolean(text)) refuse("boolean");
  if (option.value == Value::word && !is_word_of(option, lower(text))) refuse("enum");
  if (option.value != Value::integer && option.value != Value::real) return;
  const std::optional<double> value = number(text);
  if (!value) refuse(option.value == Value::integer ? "integer" : "floating point");
  if (*value >= option.low && *value <= option.high) return;
  execution.fail("22023", fmt::format("value {} out of bounds for option \"{}\"", text, option.name));
}

}  // namespace

std::optional<OptionHolder> option_holder_of_method(std::string_view method) {
  using enum OptionHolder;
  constexpr std::array<std::pair<std::string_view, OptionHolder>, 6> kMethods{
      {{"btree", btree}, {"hash", hash}, {"gist", gist}, {"spgist", spgist}, {"gin", gin}, {"brin", brin}}};
  for (const auto& [name, holder] : kMethods) {
    if (name == method) return holder;
  }
  return std::nullopt;
}

std::optional<OptionHolder> option_holder(const Relation& relation) {
  if (relation.index) return option_holder_of_method(relation.index->method);
  if (relation.kind == RelationKind::view) return OptionHolder::view;
  return relation.is_heap() ? std::optional(OptionHolder::heap) : std::nullopt;
}

std::optional<LockMode> option_lock(std::string_view name) {
  const Option* option = option_named(name);
  return option ? std::optional(option->lock) : std::nullopt;
}

void require_option(const Execution& execution, std::optional<OptionHolder> holder, const PgQuery__DefElem& option) {
  const std::string_view space = option.defnamespace;
  if (!space.empty() && space != "toast") {
    execution.fail("22023", fmt::format("unrecognized parameter namespace \"{}\"", space));
  }
  if (space == "toast") holder = OptionHolder::toast;
  const Option* known = option_named(option.defname);
  if (!known || !holder || !(known->on & bit(*holder))) {
    execution.fail("22023", fmt::format("unrecognized parameter \"{}\"", option.defname));
  }
  require_value(execution, *known, option_value(option));
}

void require_options(const Execution& execution, std::optional<OptionHolder> holder, std::size_t count,
                     Node* const* options) {
  for (const Node* each : list(count, options)) require_option(execution, holder, *each->def_elem);
}

}  // namespace martlet
