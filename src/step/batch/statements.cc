#include "step/batch/statements.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"

namespace martlet {
namespace {

// More than a page can hold, and what the type can (storage/itemid.h).
constexpr int kBehindLastRow = 65535;

std::string parenthesised(const std::vector<std::string>& parts) {
  return parts.size() == 1 ? parts.front() : "(" + join(parts, ", ") + ")";
}

}  // namespace

BatchSql::BatchSql(const BatchChange& change)
    : change_(change), by_page_(change.key.empty()), source_(change.source()) {
  if (by_page_) change_.key = {{"ctid", "tid"}};
  std::vector<std::string> columns, named, shown, texts;
  for (std::size_t i = 0; i < change_.key.size(); ++i) {
    const std::string& column = change_.key[i].column;
    columns.push_back(column);
    named.push_back(fmt::format("{} AS martlet_{}", column, i + 1));
    shown.push_back(fmt::format("martlet_{}::text", i + 1));
    // A name of its own: ORDER BY would take the text where both are called alike.
    texts.push_back(fmt::format("{}::text AS martlet_{}", column, i + 1));
  }
  columns_ = join(columns, ", ");
  named_ = join(named, ", ");
  shown_ = join(shown, ", ");
  texts_ = join(texts, ", ");
}

std::string BatchSql::compare(const char* how, std::size_t first_parameter) const {
  std::vector<std::string> columns, values;
  for (std::size_t i = 0; i < change_.key.size(); ++i) {
    columns.push_back(change_.key[i].column);
    values.push_back(fmt::format("${}::{}", first_parameter + i, change_.key[i].type));
  }
  return fmt::format("{} {} {}", parenthesised(columns), how, parenthesised(values));
}

BatchSql::Range BatchSql::range(const RowKey& after, const RowKey& until) const {
  Range range;
  std::vector<std::string> parts;
  if (!after.empty()) parts.push_back(compare(">", 1));
  if (!until.empty()) parts.push_back(compare("<=", after.size() + 1));
  range.sql = join(parts, " AND ");
  range.parameters.assign(after.begin(), after.end());
  range.parameters.insert(range.parameters.end(), until.begin(), until.end());
  return range;
}

std::string BatchSql::where(const Range& range, const std::string& condition) const {
  std::vector<std::string> parts;
  if (!range.sql.empty()) parts.push_back(range.sql);
  if (!condition.empty()) parts.push_back("(" + condition + ")");
  return parts.empty() ? "" : " WHERE " + join(parts, " AND ");
}

Request BatchSql::change(const RowKey& after, const RowKey& until) const {
  const Range rows = range(after, until);
  const std::string filter = where(rows, change_.condition);
  switch (change_.kind) {
    case BatchChange::Kind::update:
      return {fmt::format("UPDATE {} SET {}{}", source_, change_.assignments, filter), rows.parameters};
    case BatchChange::Kind::remove:
      return {fmt::format("DELETE FROM {}{}", source_, filter), rows.parameters};
    case BatchChange::Kind::insert:
      break;
  }
  const std::string conflict = change_.conflict.empty() ? "" : " " + change_.conflict;
  return {fmt::format("{} SELECT {} FROM {}{} ORDER BY {}{}", change_.target, change_.values, source_, filter, columns_,
                      conflict),
          rows.parameters};
}

// The OFFSET here skips within one batch, behind a key that the index leads to; it never starts at the table's first
// row.
Request BatchSql::nth_to_change(const RowKey& after, const RowKey& until, long n, long window) const {
  const Range rows = range(after, until);
  if (change_.condition.empty()) return nth(after, until, n);
  if (window == 0) {
    return {fmt::format("SELECT {} FROM {}{} ORDER BY {} LIMIT 1 OFFSET {}", texts_, source_,
                        where(rows, change_.condition), columns_, n - 1),
            rows.parameters};
  }
  return {fmt::format("SELECT {} FROM (SELECT {}, ({}) AS martlet_fits FROM {}{} ORDER BY {} LIMIT {}) AS rows WHERE "
                      "martlet_fits LIMIT 1 OFFSET {}",
                      shown_, named_, change_.condition, source_, where(rows, ""), columns_, window, n - 1),
          rows.parameters};
}

Request BatchSql::nth(const RowKey& after, const RowKey& until, long n) const {
  const Range rows = range(after, until);
  return {fmt::format("SELECT {} FROM {}{} ORDER BY {} LIMIT 1 OFFSET {}", texts_, source_, where(rows, ""), columns_,
                      n - 1),
          rows.parameters};
}

Request BatchSql::last() const {
  std::vector<std::string> descending;
  for (const BatchChange::Key& each : change_.key) descending.push_back(each.column + " DESC");
  return {fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT 1", texts_, source_, join(descending, ", ")), {}};
}

Request BatchSql::cuts(int parts, double percent) const {
  constexpr int kFewestRowsInPart = 20;  // of the sample
  return {fmt::format("SELECT {} FROM (SELECT {}, row_number() OVER (ORDER BY {}) AS martlet_n, count(*) OVER () AS "
                      "martlet_all FROM {} TABLESAMPLE SYSTEM ({:.6f}) REPEATABLE (1)) AS sample WHERE martlet_all >= "
                      "{} AND martlet_n % (martlet_all / {}) = 0 ORDER BY martlet_n LIMIT {}",
                      shown_, named_, columns_, source_, percent, parts * kFewestRowsInPart, parts, parts - 1),
          {}};
}

Request BatchSql::any_to_change() const {
  return {fmt::format("SELECT 1 FROM {}{} LIMIT 1", source_, where({}, change_.condition)), {}};
}

Request BatchSql::count() const {
  return {fmt::format("SELECT count(*) FROM {}{}", source_, where({}, change_.condition)), {}};
}

Request BatchSql::pages() const {
  return {
      "SELECT (coalesce((SELECT sum(pg_catalog.pg_relation_size(relid)) FROM "
      "pg_catalog.pg_partition_tree($1::regclass)), "
      "pg_catalog.pg_relation_size($1::regclass)) / pg_catalog.current_setting('block_size')::bigint)::bigint",
      {change_.table}};
}

std::string row_text(const BatchChange& change, const RowKey& key) {
  if (change.key.empty()) return "ctid = " + join(key, ", ");
  std::vector<std::string> columns;
  for (const BatchChange::Key& each : change.key) columns.push_back(each.column);
  return fmt::format("{} = {}", parenthesised(columns), parenthesised(key));
}

long long page_of(const RowKey& ctid) {
  long long page = 0;
  const std::string& text = ctid.front();
  std::from_chars(text.data() + 1, text.data() + text.size(), page);
  return page;
}

RowKey end_of_page(long long page) {
  return {fmt::format("({},{})", page, kBehindLastRow)};
}

}  // namespace martlet
