// The SQL by which rows are gone through, range of keys by range of keys.
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"
#include "recipe/batch.h"

namespace martlet {

/// The key of one row, a text a column; empty = none: before the first row, or behind the last.
using RowKey = std::vector<std::string>;

/// The statements of one change. A table without a key is gone through by ctid, as if that were one. PostgreSQL.
class BatchSql {
 public:
  explicit BatchSql(const BatchChange& change);

  bool by_page() const { return by_page_; }

  /// Changes the rows behind `after`, up to and with `until`.
  Request change(const RowKey& after, const RowKey& until) const;
  /// The key of the n-th row that is to be changed, looked for among the first `window` rows (0 = all) of the range;
  /// no row where there are fewer.
  Request nth_to_change(const RowKey& after, const RowKey& until, long n, long window) const;
  /// The key of the n-th row of the range, to be changed or not.
  Request nth(const RowKey& after, const RowKey& until, long n) const;
  /// The highest key.
  Request last() const;
  /// Keys that cut the table into about `parts` ranges of as many rows each, from a sample of so many percent of its
  /// pages; none where the sample is too small to tell.
  Request cuts(int parts, double percent) const;
  /// One row where any row is to be changed, otherwise none.
  Request any_to_change() const;
  /// How many rows are to be changed.
  Request count() const;
  /// How many pages the table has, its partitions included.
  Request pages() const;

 private:
  struct Range {
    std::string sql;  // "" = all rows
    std::vector<Value> parameters;
  };
  Range range(const RowKey& after, const RowKey& until) const;
  std::string where(const Range& range, const std::string& condition) const;
  std::string compare(const char* how, std::size_t first_parameter) const;

  BatchChange change_;
  bool by_page_;
  std::string source_;
  std::string columns_;  // a, b
  std::string named_;    // a AS martlet_1, b AS martlet_2
  std::string shown_;    // martlet_1::text, martlet_2::text
  std::string texts_;    // a::text AS martlet_1, …
};

/// "id = 7", "(a, b) = (1, x)": a row for people.
std::string row_text(const BatchChange& change, const RowKey& key);

/// A ctid's page, and the ctid behind the last row that a page can have.
long long page_of(const RowKey& ctid);
RowKey end_of_page(long long page);

}  // namespace martlet
