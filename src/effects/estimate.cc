#include "effects/estimate.h"

#include <algorithm>

namespace martlet {
namespace {

constexpr double kPageBytes = 8192;
constexpr double kRowHeaderBytes = 28;  // HeapTupleHeader, line pointer (storage/bufpage.h, access/htup_details.h)
constexpr double kUnknownWidth = 8;     // of a column without statistics

/// Microseconds, from … to.
struct Cost {
  double low, high;
};

struct Factor {
  Cost per_page, per_row;
};

// Measured on PostgreSQL 15.20 on two cores, once idle and once under other load, on tables of rows of 80 bytes with
// 200,000 rows (2,062 pages) and 2,000,000 rows (20,619 pages). Milliseconds, of the smaller table under load / of the
// larger one idle (where measured) … under load:
//   ADD CHECK 20 / 70 … 328; SET NOT NULL 30 / 223; ADD FOREIGN KEY 207 / 3,722
//   int → bigint, no index 291 / 2,800 … 4,346; DEFAULT gen_random_uuid() 850 / 7,100 … 10,702
//   CREATE INDEX on int 169 / 770 … 1,795; on text (md5) 492 / 6,070; on two columns 243 / 2,368
//   int → numeric, three indexes 1,318 / 19,425; VACUUM FULL, three indexes 1,256 / 16,772
//   UPDATE of every row 14,400 idle, no index; three indexes 4,732 / 120,750; DELETE of every row 214 / 4,093
// The low end is a table in memory; the high end is pages that come from a disk of 100 MB/s, and not below what was
// measured.
constexpr Factor kScan{.per_page = {1.5, 80}, .per_row = {0.01, 0.2}};
constexpr Factor kRewrite{.per_page = {8, 160}, .per_row = {0.8, 5}};
constexpr Factor kIndex{.per_page = {0, 0}, .per_row = {0.3, 4}};
constexpr Factor kLookup{.per_page = {0, 0}, .per_row = {0.3, 2}};  // of a foreign key's row in the other table
constexpr Factor kChange{.per_page = {2, 160}, .per_row = {1, 12}};
constexpr Factor kChangeIndex{.per_page = {0, 0}, .per_row = {0.5, 25}};
/// Locks, catalog rows, the commit.
constexpr Cost kFixed{200, 5000};

class Work {
 public:
  void add(const Factor& factor, const HeapSize& size) {
    low_ += factor.per_page.low * size.pages + factor.per_row.low * size.rows;
    high_ += factor.per_page.high * size.pages + factor.per_row.high * size.rows;
  }
  /// What may happen to none of the rows, or to all.
  void add_at_most(const Factor& factor, const HeapSize& size) {
    high_ += factor.per_page.high * size.pages + factor.per_row.high * size.rows;
  }
  TimeRange milliseconds() const { return {.low = (kFixed.low + low_) / 1000, .high = (kFixed.high + high_) / 1000}; }

 private:
  double low_ = 0, high_ = 0;
};

double row_width(const Relation& relation) {
  double width = kRowHeaderBytes;
  for (const Column& column : relation.columns)
    width += column.average_width > 0 ? column.average_width : kUnknownWidth;
  return width;
}

bool changes_rows(const Node& statement) {
  switch (statement.node_case) {
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return true;
    default:
      return false;
  }
}

/// Estimates one statement.
class Estimate {
 public:
  Estimate(const Node& statement, const Catalog& after, const CatalogBefore& before)
      : changes_rows_(changes_rows(statement)),
        truncates_(statement.node_case == PG_QUERY__NODE__NODE_TRUNCATE_STMT),
        after_(after),
        before_(before) {}

  /// False where a size is not known.
  bool add(const RelationEffect& effect) {
    if (truncates_) return true;  // new, empty files: how much was in the old ones does not matter
    const Relation* relation = before_.relation(effect.id);
    if (!relation) return true;
    if (effect.rebuilt) return add_index(*relation);
    if (!relation->is_heap()) return true;
    const std::size_t built = indexes_built(*relation);
    if (!effect.rewrite && !effect.scan && built == 0) return true;
    const std::optional<HeapSize> size = heap_size(*relation);
    if (!size) return false;
    work_.add(effect.rewrite ? kRewrite : kScan, *size);
    for (std::size_t i = 0; i < built; ++i) work_.add(kIndex, *size);
    if (!effect.rewrite) add_foreign_keys(*relation, *size);
    if (changes_rows_ && effect.strongest() >= LockMode::row_exclusive) add_changes(*relation, *size);
    return true;
  }

  TimeRange milliseconds() const { return work_.milliseconds(); }

 private:
  bool add_index(const Relation& index) {
    const Relation* table = index.index ? before_.relation(index.index->table) : nullptr;
    const std::optional<HeapSize> size = table ? heap_size(*table) : std::nullopt;
    if (size) work_.add(kIndex, *size);
    return size.has_value();
  }

  /// New indexes of a table that was there.
  std::size_t indexes_built(const Relation& table) const {
    const Relation* now = after_.relations.get(table.id);
    if (!now) return 0;
    return static_cast<std::size_t>(
        std::ranges::count_if(now->indexes, [&](ObjectId index) { return !before_.relation(index); }));
  }

  /// Foreign keys that are new or newly validated look for each row in the other table.
  void add_foreign_keys(const Relation& table, const HeapSize& size) {
    const Relation* now = after_.relations.get(table.id);
    if (!now || now == &table) return;
    for (const Constraint& each : now->constraints) {
      if (each.kind != Constraint::Kind::foreign_key || !each.validated) continue;
      const auto was = std::ranges::find(table.constraints, each.id, &Constraint::id);
      if (was == table.constraints.end() || !was->validated) work_.add(kLookup, size);
    }
  }

  void add_changes(const Relation& table, const HeapSize& size) {
    work_.add_at_most(kChange, size);
    for (std::size_t i = 0; i < table.indexes.size(); ++i) work_.add_at_most(kChangeIndex, size);
  }

  bool changes_rows_, truncates_;
  const Catalog& after_;
  const CatalogBefore& before_;
  Work work_;
};

}  // namespace

std::optional<HeapSize> heap_size(const Relation& relation) {
  if (relation.pages < 0) return std::nullopt;
  const auto pages = static_cast<double>(relation.pages);
  const double rows = relation.tuples >= 0 ? relation.tuples : pages * kPageBytes / row_width(relation);
  return HeapSize{.pages = pages, .rows = rows};
}

std::optional<TimeRange> estimate_time(const Effects& effects, const Node& statement, const Catalog& after,
                                       const CatalogBefore& before) {
  if (effects.error || !effects.known) return std::nullopt;
  Estimate estimate(statement, after, before);
  for (const RelationEffect& effect : effects.relations) {
    if (!estimate.add(effect)) return std::nullopt;
  }
  return estimate.milliseconds();
}

}  // namespace martlet
