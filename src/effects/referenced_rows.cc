#include "effects/referenced_rows.h"

#include <algorithm>
#include <cmath>

#include "effects/rows.h"

namespace martlet {
namespace {

constexpr double kRandomPage = 4, kPage = 1, kRow = 0.01, kOperator = 0.0025;  // of costsize.c
constexpr double kRowsOfPage = 120;   // of a table that was never analysed; a few columns of common types
constexpr double kIndexRows = 360;    // of a page of an index on one number
constexpr double kLookUpCpu = 0.165;  // walking down a btree, without its pages

struct Size {
  double pages = 0, rows = 0;
};

// plancat.c, estimate_rel_size: at least ten pages, apart from a table that others inherit from.
Size planned_size(const Relation& table) {
  const auto pages = static_cast<double>(std::max<std::int64_t>(table.pages, 0));
  if (table.analysed && table.tuples >= 0) return {.pages = pages, .rows = std::max(table.tuples, 1.0)};
  const double taken = table.children.empty() ? std::max(pages, 10.0) : std::max(pages, 1.0);
  return {.pages = taken, .rows = taken * kRowsOfPage};
}

// costsize.c, index_pages_fetched: so many of the pages do look-ups of one row each touch.
double touched(double pages, double look_ups) {
  return std::min(pages, std::ceil(2 * pages * look_ups / (2 * pages + look_ups)));
}

}  // namespace

bool reads_referenced(const Relation& referring, const Relation& target) {
  if (!may_have_rows(referring)) return false;
  if (referring.assumed || target.assumed) return true;
  const Size from = planned_size(referring), to = planned_size(target);
  const double read_once = to.pages * kPage + to.rows * (2 * kRow + kOperator);  // and put into a hash table
  const double index_pages = std::ceil(to.rows / kIndexRows) + 1;
  const double look_ups =
      from.rows * kLookUpCpu + kRandomPage * (touched(index_pages, from.rows) + touched(to.pages, from.rows));
  return read_once + from.rows * kOperator <= look_ups;
}

}  // namespace martlet
