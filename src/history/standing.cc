#include "history/standing.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "base/registry.h"
#include "base/text.h"
#include "migration/layout.h"

namespace martlet {
namespace {

constexpr std::array<std::string_view, 12> kNames{"applied",      "stamped",  "baseline", "retired",
                                                  "pending",      "reverted", "changed",  "below baseline",
                                                  "out of order", "edited",   "missing",  "partial"};
static_assert(kNames.size() == static_cast<std::size_t>(Standing::partial) + 1);

using RowsById = std::unordered_map<std::string_view, const LedgerRow*>;

Standing standing_in_ledger(const Migration* migration, const LedgerRow& row) {
  if (row.state == LedgerState::running || row.state == LedgerState::failed) return Standing::partial;
  if (row.state == LedgerState::reverted) {
    return row.kind == kind_name(MigrationKind::repeatable) ? Standing::pending : Standing::reverted;
  }
  if (row.state == LedgerState::retired) return Standing::retired;
  if (!migration) return row.state == LedgerState::baseline ? Standing::baseline : Standing::missing;
  const bool same_text = row.checksum.empty() || row.checksum == migration->checksum;
  if (!same_text) return migration->kind == MigrationKind::repeatable ? Standing::changed : Standing::edited;
  if (row.state == LedgerState::stamped) return Standing::stamped;
  return row.state == LedgerState::baseline ? Standing::baseline : Standing::applied;
}

// The highest version that a baseline stands for; "" where there is none. A B file counts once it is applied, or while
// nothing at all is: then `up` runs it in place of what it sums up.
std::string baseline_version(const Folder& folder, const Ledger& ledger) {
  std::string highest;
  const auto raise_to = [&highest](const std::string& version) {
    if (highest.empty() || natural_less(highest, version)) highest = version;
  };
  bool fresh = true;
  for (const LedgerRow& row : ledger.rows()) {
    if (!row.counts_as_applied()) continue;
    fresh = false;
    if (row.state == LedgerState::baseline || row.kind == kind_name(MigrationKind::baseline)) raise_to(row.version);
  }
  if (fresh) {
    for (const Migration& migration : folder.migrations) {
      if (migration.kind == MigrationKind::baseline) raise_to(migration.version);
    }
  }
  return highest;
}

bool superseded(const Migration& migration, const std::string& baseline, const Ledger& ledger) {
  if (migration.kind == MigrationKind::repeatable) return false;
  if (migration.kind == MigrationKind::baseline) {
    const bool fresh = std::none_of(ledger.rows().begin(), ledger.rows().end(),
                                    [](const LedgerRow& row) { return row.counts_as_applied(); });
    return !fresh || migration.version != baseline;
  }
  return !baseline.empty() && !natural_less(baseline, migration.version);
}

// Marks what is not applied although something that comes after it is. Where a file names its dependencies, only
// those say what comes before it.
void mark_out_of_order(std::vector<StandingEntry>& entries) {
  bool later_is_applied = false;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    const bool versioned = entry->migration ? entry->migration->kind == MigrationKind::versioned
                                            : entry->row->kind == kind_name(MigrationKind::versioned);
    if (!versioned) continue;
    if (entry->row && entry->row->counts_as_applied()) later_is_applied = true;
    const bool waits = entry->standing == Standing::pending || entry->standing == Standing::reverted;
    if (waits && later_is_applied && entry->migration->depends.empty()) entry->standing = Standing::out_of_order;
  }
}

void insert_by_version(std::vector<StandingEntry>& entries, const LedgerRow& row) {
  const StandingEntry entry{nullptr, &row, standing_in_ledger(nullptr, row)};
  const auto place = std::find_if(entries.begin(), entries.end(), [&](const StandingEntry& other) {
    if (row.version.empty()) return false;
    const bool repeatable = other.migration && other.migration->kind == MigrationKind::repeatable;
    return repeatable || (other.migration && natural_less(row.version, other.migration->version));
  });
  entries.insert(place, entry);
}

}  // namespace

std::string_view standing_name(Standing standing) {
  return kNames[static_cast<std::size_t>(standing)];
}

std::string StandingEntry::label() const {
  if (migration) return migration->label;
  const Layout* layout = Registry<Layout>::find(row->layout);
  const bool prefixed = layout && row->kind == kind_name(MigrationKind::versioned);
  return prefixed ? std::string(layout->version_prefix) + row->id : row->id;
}

bool StandingEntry::to_run() const {
  return migration && (standing == Standing::pending || standing == Standing::reverted ||
                       standing == Standing::changed || standing == Standing::out_of_order);
}

std::vector<StandingEntry> compare(const Folder& folder, const Ledger& ledger,
                                   const std::set<std::string>& unfinished) {
  RowsById rows;
  rows.reserve(ledger.rows().size());
  for (const LedgerRow& row : ledger.rows()) rows.emplace(row.id, &row);

  const std::string baseline = baseline_version(folder, ledger);
  std::vector<StandingEntry> entries;
  entries.reserve(folder.migrations.size());
  std::unordered_set<std::string_view> with_file;
  for (const Migration& migration : folder.migrations) {
    const auto found = rows.find(migration.id);
    StandingEntry entry{&migration, found == rows.end() ? nullptr : found->second, Standing::pending};
    if (entry.row) entry.standing = standing_in_ledger(&migration, *entry.row);
    if (entry.to_run() && superseded(migration, baseline, ledger)) entry.standing = Standing::below_baseline;
    with_file.insert(migration.id);
    entries.push_back(entry);
  }
  for (const LedgerRow& row : ledger.rows()) {
    const bool gone_and_undone = row.state == LedgerState::reverted;
    if (!with_file.contains(row.id) && !gone_and_undone) insert_by_version(entries, row);
  }
  mark_out_of_order(entries);
  for (StandingEntry& entry : entries) {
    if (unfinished.contains(entry.id())) entry.standing = Standing::partial;
  }
  return entries;
}

std::string current_version(const std::vector<StandingEntry>& entries) {
  std::string current = "base";
  for (const StandingEntry& entry : entries) {
    const bool versioned = entry.migration ? entry.migration->kind != MigrationKind::repeatable
                                           : entry.row->kind != kind_name(MigrationKind::repeatable);
    if (versioned && entry.row && entry.row->counts_as_applied()) current = entry.label();
  }
  return current;
}

}  // namespace martlet
