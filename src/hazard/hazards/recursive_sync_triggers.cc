#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "hazard/look.h"
#include "hazard/sync_function.h"

namespace martlet {
namespace {

bool fires_on(const Trigger& trigger, const RowWrite& write) {
  if (write.kind == RowWrite::Kind::insert) return trigger.on_insert || (write.upserts && trigger.on_update);
  return write.kind == RowWrite::Kind::update ? trigger.on_update : trigger.on_delete;
}

// An INSERT that finds the row there and leaves it fires nothing more.
bool ends_by_itself(const RowWrite& write) {
  return write.kind == RowWrite::Kind::remove || write.skips;
}

const RowWrite* write_to(const SyncFunction& function, const Relation& table) {
  const auto at = std::ranges::find_if(
      function.writes, [&](const RowWrite& write) { return is_named(table, write.table) && !ends_by_itself(write); });
  return at == function.writes.end() ? nullptr : &*at;
}

// The trigger of `other` that answers a write to it with a write to `table` that fires `trigger`, or nullptr.
const Trigger* answer(const Catalog& catalog, const Relation& table, const Trigger& trigger, const Relation& other,
                      const RowWrite& write) {
  for (const Trigger& each : other.triggers) {
    if (!fires_on(each, write) || is_guard(each.when) || each.enabled == 'D') continue;
    const SyncFunction function = read_sync_function(catalog.functions.get(each.function));
    const RowWrite* back = function.is_guarded ? nullptr : write_to(function, table);
    if (back && fires_on(trigger, *back)) return &each;
  }
  return nullptr;
}

void check(const Case& at, Findings& found) {
  const PgQuery__CreateTrigStmt& create = *at.node->create_trig_stmt;
  const Relation* table = find_relation(at.catalog, at.session, qualified_name(*create.relation));
  if (!table) return;
  const auto trigger = std::ranges::find(table->triggers, std::string_view(create.trigname), &Trigger::name);
  if (trigger == table->triggers.end() || is_guard(trigger->when)) return;
  const SyncFunction function = read_sync_function(trigger_function(at.catalog, at.session, create));
  if (function.is_guarded) return;
  for (const RowWrite& write : function.writes) {
    const Relation* other = find_relation(at.catalog, at.session, write.table);
    if (!other || other->id == table->id || ends_by_itself(write)) continue;
    const Trigger* back = answer(at.catalog, *table, *trigger, *other, write);
    if (!back) continue;
    found
        .add(at, fmt::format("writes {}, whose trigger {} writes {} again, without end", other->name, back->name,
                             table->name))
        .relations = {table->name, other->name};
    return;
  }
}

const Registered<Hazard> kHazard{{
    .id = "recursive-sync-triggers",
    .severity = Hazard::Severity::error,
    .summary = "two triggers that write to each other's tables",
    .why =
        "Each write fires the other trigger, whose write fires the first: every INSERT and UPDATE of the application "
        "fails with 54001 (stack depth limit exceeded).",
    .safe_form =
        "Mark the sync's own writes with a setting (set_config('shop.syncing', 'on', true), reset afterwards and on "
        "errors) and have both triggers look at it, or write only WHERE the rows differ (IS DISTINCT FROM). Not "
        "pg_trigger_depth(): it also drops changes that cascades make.",
    .on = {PG_QUERY__NODE__NODE_CREATE_TRIG_STMT},
    .check = check,
}};

}  // namespace
}  // namespace martlet
