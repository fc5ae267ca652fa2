#include "run/row_comparison.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "run/user_relations.h"
#include "sql/statement.h"

namespace martlet {
namespace {

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
  for (const RelationKind kind : {RelationKind::table, RelationKind::materialized_view}) {
    for (const Relation* each : user_relations(catalog, kind)) {
      if (!each->extension) comparing.compare(*each);
    }
  }
  return std::move(comparing.result);
}

}  // namespace martlet
