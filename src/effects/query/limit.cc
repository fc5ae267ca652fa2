// A LIMIT without an order ends the reading of partitions and heirs as soon as there are enough rows.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "effects/alter_table/literal.h"
#include "effects/query/routing.h"
#include "effects/rows.h"

namespace martlet {
namespace {

// Are rows given out as they are read, all of them?
bool streams(const PgQuery__SelectStmt& statement) {
  const bool gathers = statement.n_sort_clause > 0 || statement.n_group_clause > 0 || statement.n_distinct_clause > 0 ||
                       statement.having_clause || statement.n_window_clause > 0 || statement.where_clause ||
                       statement.limit_offset;
  const auto calls = [](const Node* each) {
    return each->res_target->val && each->res_target->val->node_case == PG_QUERY__NODE__NODE_FUNC_CALL;
  };
  return !gathers && std::ranges::none_of(list(statement.n_target_list, statement.target_list), calls);
}

std::optional<double> limit_of(const PgQuery__SelectStmt& statement) {
  const std::optional<std::string> text =
      statement.limit_count ? literal_text(*statement.limit_count) : std::optional<std::string>();
  double limit = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), limit).ec != std::errc()) return std::nullopt;
  return limit;
}

// False where the rows that are there may not be enough, or are not counted.
bool scan_until(Execution& execution, const std::vector<ObjectId>& order, double wanted) {
  for (const ObjectId each : order) {
    const Relation& next = *execution.catalog.relations.get(each);
    if (next.is_heap()) execution.scan(each);
    if (rows_of(next) == Rows::none) continue;
    if (next.tuples < 0) return false;
    wanted -= next.tuples;
    if (wanted <= 0) return true;
  }
  return false;
}

}  // namespace

bool QueryReader::read_limited(const PgQuery__SelectStmt& statement, const FromItem& source) {
  const ObjectId relation = source.relation;
  const Relation* table = execution.catalog.relations.get(relation);
  const std::optional<double> limit = limit_of(statement);
  if (!table || !limit) return false;
  const bool several =
      source.children == Children::with && !table->children.empty() && !table->is_index() && streams(statement);
  if (*limit > 0 && !several) return false;
  read_relation(relation, QueryReading::nothing, source.children);
  if (*limit == 0 || !runs()) return true;
  const std::optional<std::vector<ObjectId>> order = reading_order(execution.catalog, *table);
  if (!order || !scan_until(execution, *order, *limit)) {
    execution.not_known(fmt::format("how much of {} is read before the LIMIT, its rows decide", table->name));
  }
  return true;
}

}  // namespace martlet
