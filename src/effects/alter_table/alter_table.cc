// How the server works through an ALTER TABLE: prepare and queue each sub-command, go through the passes, then rewrite
// or scan each table once (PostgreSQL 15, tablecmds.c, ATController).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/registry.h"
#include "effects/alter_table/action.h"
#include "effects/alter_table/row_type.h"
#include "effects/alter_table/type_change.h"

namespace martlet {
namespace {

struct Target {
  RelationKind kind;
  unsigned bit;
  std::string_view plural;
};

constexpr std::array<Target, 9> kTargets{{
    {RelationKind::table, alter_target::table, "tables"},
    {RelationKind::partitioned_table, alter_target::table, "partitioned tables"},
    {RelationKind::view, alter_target::view, "views"},
    {RelationKind::materialized_view, alter_target::materialized_view, "materialized views"},
    {RelationKind::index, alter_target::index, "indexes"},
    {RelationKind::partitioned_index, alter_target::partitioned_index, "partitioned indexes"},
    {RelationKind::composite_type, alter_target::composite_type, "composite types"},
    {RelationKind::foreign_table, alter_target::foreign_table, "foreign tables"},
    {RelationKind::sequence, alter_target::sequence, "sequences"},
}};

// ATSimplePermissions
void require_target(const AlterStep& step) {
  const Relation& relation = step.relation();
  const Target& target = *std::ranges::find(kTargets, relation.kind, &Target::kind);
  if (step.action.targets & target.bit) return;
  step.fail("42809", fmt::format("ALTER action {} cannot be performed on relation \"{}\": it is not supported for {}",
                                 step.action.words, relation.name, target.plural));
}

bool has_storage(RelationKind kind) {
  return kind == RelationKind::table || kind == RelationKind::materialized_view || kind == RelationKind::index ||
         kind == RelationKind::sequence;
}

}  // namespace

const AlterAction* alter_action(PgQuery__AlterTableType type) {
  static const std::vector<const AlterAction*> kByType = [] {
    std::vector<const AlterAction*> by_type;
    for (const AlterAction* each : Registry<AlterAction>::all()) {
      const auto at = static_cast<std::size_t>(each->type);
      if (by_type.size() <= at) by_type.resize(at + 1);
      by_type[at] = each;
    }
    return by_type;
  }();
  const auto at = static_cast<std::size_t>(type);
  return at < kByType.size() ? kByType[at] : nullptr;
}

void AlterStep::execute_on(ObjectId child) const {
  action.execute({alter, action, command, child, recurse, true});
}

void AlterTable::prepare(const AlterAction& action, const PgQuery__AlterTableCmd& command, ObjectId table, bool recurse,
                         bool recursing) {
  const AlterStep step{*this, action, command, table, recurse, recursing};
  require_target(step);
  altered(table);
  if (action.prepare) action.prepare(step);
  if (action.recurses && recurse && !recursing) {
    for (const ObjectId child : lock_descendants(execution, table, lock)) prepare(action, command, child, false, true);
  }
  const AlterPass pass = action.pass_of ? action.pass_of(command) : action.pass;
  later(pass, table, [step] { step.action.execute(step); });
}

void AlterTable::later(AlterPass pass, ObjectId table, std::function<void()> work) {
  queue_.push_back({pass, table, std::move(work)});
}

AlteredTable& AlterTable::altered(ObjectId table) {
  const auto at = std::ranges::find(altered_, table, &AlteredTable::id);
  if (at != altered_.end()) return *at;
  altered_.push_back({.id = table, .columns_before = relation(table).columns});
  return altered_.back();
}

// Table by table, in the order in which they were first met: parents before their children.
void AlterTable::run_pass(AlterPass pass) {
  for (std::size_t table = 0; table < altered_.size(); ++table) {
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      if (queue_[i].pass != pass || queue_[i].table != altered_[table].id) continue;
      const std::function<void()> work = std::move(queue_[i].run);
      work();
    }
  }
}

void AlterTable::run() {
  for (auto pass = AlterPass::drop; pass <= AlterPass::miscellaneous;
       pass = static_cast<AlterPass>(static_cast<int>(pass) + 1)) {
    run_pass(pass);
    if (pass != AlterPass::alter_type) continue;
    for (std::size_t i = 0; i < altered_.size(); ++i) rebuild_after_type_change(*this, altered_[i].id);
  }
  for (std::size_t i = 0; i < altered_.size(); ++i) finish(altered_[i]);
}

namespace {

// A new column that must have a value and has none.
void refuse_rows_without_value(Execution& execution, const AlteredTable& table) {
  if (table.null_column.empty()) return;
  const Relation& relation = *execution.catalog.relations.get(table.id);
  const Rows rows = rows_of(relation);
  if (rows == Rows::none) return;
  if (rows == Rows::some) execution.fail("23502", table.null_column);
  execution.assume(fmt::format("{} has no rows; with rows it fails: {}", relation.name, table.null_column));
}

}  // namespace

// ATRewriteTables
void AlterTable::finish(const AlteredTable& table) {
  const Relation* changed = execution.catalog.relations.get(table.id);
  if (!changed || !has_storage(changed->kind)) return;
  if (table.new_values || table.rewrite) refuse_use_of_row_type(execution, *changed);
  refuse_rows_without_value(execution, table);
  const bool is_heap = changed->is_heap();
  if (table.rewrite && is_heap) {
    execution.rewrite(table.id);
  } else {
    if (table.scan) execution.scan(table.id);
    if (table.new_file) execution.new_file(table.id);
  }
}

bool has_children(const Relation& relation) {
  return !relation.children.empty();
}

std::vector<ObjectId> lock_children(Execution& execution, ObjectId table, LockMode mode) {
  std::vector<ObjectId> children = execution.catalog.relations.get(table)->children;
  std::ranges::sort(children);
  for (const ObjectId child : children) execution.lock(child, mode);
  return children;
}

std::vector<ObjectId> lock_descendants(Execution& execution, ObjectId table, LockMode mode) {
  std::vector<ObjectId> found = lock_children(execution, table, mode);
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const ObjectId child : lock_children(execution, found[i], mode)) {
      if (std::ranges::find(found, child) == found.end()) found.push_back(child);
    }
  }
  return found;
}

bool is_system_column(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames{"tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"};
  return std::ranges::find(kNames, name) != kNames.end();
}

const Column& existing_column(const AlterStep& step, std::string_view name) {
  const Relation& relation = step.relation();
  if (const Column* found = relation.column(name)) return *found;
  if (is_system_column(name)) step.fail("0A000", fmt::format("cannot alter system column \"{}\"", name));
  if (!relation.assumed) {
    step.fail("42703", fmt::format("column \"{}\" of relation \"{}\" does not exist", name, relation.name));
  }
  step.execution().assume(fmt::format("{} has a column {}", relation.name, name));
  Relation& edited = step.edit();
  int number = 1;
  for (const Column& each : edited.columns) number = std::max(number, each.number + 1);
  edited.columns.push_back({.number = number, .name = std::string(name), .assumed = true});
  return edited.columns.back();
}

}  // namespace martlet
