#include "run/row_comparison.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "sql/statement.h"

namespace martlet {
namespace {

constexpr ObjectId kFirstNormalObjectId = 16384;  // access/transam.h: below are the server's own catalogs

std::vector<const Relation*> tables_of(const Catalog& catalog) {
  std::vector<const Relation*> found;
  catalog.relations.each([&](const Relation& each) {
    const bool holds_rows = each.kind == RelationKind::table || each.kind == RelationKind::materialized_view;
    const bool of_users = each.id >= kFirstNormalObjectId && each.schema != "pg_catalog" && !each.extension;
    if (holds_rows && of_users && each.persistence != Persistence::temporary) found.push_back(&each);
  });
  std::ranges::sort(found, {}, &Relation::id);
  return found;
}

std::string qualified(const Relation& table) {
  return quote_identifier(table.schema) + "." + quote_identifier(table.name);
}

// now() is the same in every row, but not the same in both databases.
bool has_value_of_its_own(const Relation& table, const Column& column, const Catalog& before) {
  const Relation* was = before.relations.find(table.schema, table.name);
  const bool is_new = !was || !was->column(std::string_view(column.name));
  const bool varies =
      column.default_volatility == Volatility::volatile_ || column.default_volatility == Volatility::stable;
  return is_new && varies;
}

class Comparing {
 public:
  Comparing(Connection& a, Connection& b, const Catalog& before) : a_(a), b_(b), before_(before) {}

  void compare(const Relation& table) {
    std::vector<std::string> names, sums;
    for (const Column& column : table.columns) {
      if (has_value_of_its_own(table, column, before_)) {
        result.not_compared.push_back(fmt::format("{}.{}: its values are made when a row is", table.name, column.name));
        continue;
      }
      names.push_back(column.name);
      sums.push_back(fmt::format("sum(hashtextextended({}::text, 0)::numeric)", quote_identifier(column.name)));
    }
    const std::string query =
        fmt::format("SELECT count(*){}{} FROM ONLY {}", sums.empty() ? "" : ", ", join(sums, ", "), qualified(table));
    tell(table, names, a_.execute(query).rows.at(0), b_.execute(query).rows.at(0));
    ++result.tables;
  }

  RowComparison result;

 private:
  void tell(const Relation& table, const std::vector<std::string>& names, const Row& a, const Row& b) {
    if (a[0] != b[0]) {
      result.differences.push_back(fmt::format("{}: {} rows by the files, {} by the plan", table.name, *a[0], *b[0]));
      return;
    }
    std::vector<std::string> different;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (a[i + 1] != b[i + 1]) different.push_back(names[i]);
    }
    if (!different.empty()) {
      result.differences.push_back(fmt::format("{}: other values in {}", table.name, join(different, ", ")));
    }
  }

  Connection& a_;
  Connection& b_;
  const Catalog& before_;
};

}  // namespace

RowComparison compare_rows(Connection& a, Connection& b, const Catalog& before, const Catalog& catalog) {
  Comparing comparing(a, b, before);
  for (const Relation* each : tables_of(catalog)) comparing.compare(*each);
  return std::move(comparing.result);
}

}  // namespace martlet
