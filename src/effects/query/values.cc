#include "effects/query/values.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "effects/alter_table/literal.h"
#include "effects/definition/parts.h"
#include "effects/expression.h"
#include "effects/query/dml.h"

namespace martlet {
namespace {

bool is_default(const Node& value) {
  return value.node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT;
}

bool is_null(const Node& value) {
  return value.node_case == PG_QUERY__NODE__NODE_A_CONST && value.a_const->isnull;
}

bool may_be_changed_before(const Relation& table, RowChange change) {
  return std::ranges::any_of(table.triggers, [&](const Trigger& each) {
    return each.before && each.row && (change == RowChange::insert ? each.on_insert : each.on_update);
  });
}

void require_writable(const Execution& execution, const Column& column, const Node* value, bool overriding) {
  if (!value || is_default(*value)) return;
  if (column.generated) {
    execution.fail("428C9", fmt::format("cannot insert a non-DEFAULT value into column \"{}\"", column.name));
  }
  if (column.identity == Column::Identity::always && !overriding) {
    execution.fail("428C9", fmt::format("cannot insert a non-DEFAULT value into column \"{}\"", column.name));
  }
}

void require_not_null(const Execution& execution, const Relation& table, const Column& column, const Node* value) {
  if (!column.not_null) return;
  const bool has_default = !column.default_sql.empty() || column.identity != Column::Identity::none;
  const bool null = value && !is_default(*value) ? is_null(*value) : !has_default;
  if (!null) return;
  execution.fail("23502", fmt::format("null value in column \"{}\" of relation \"{}\" violates not-null constraint",
                                      column.name, table.name));
}

// Columns of the table as its rows have them: its own, or all where it is not known which there are.
bool is_overriding(const PgQuery__InsertStmt& statement) {
  return statement.override == PG_QUERY__OVERRIDING_KIND__OVERRIDING_USER_VALUE ||
         statement.override == PG_QUERY__OVERRIDING_KIND__OVERRIDING_SYSTEM_VALUE;
}

const PgQuery__SelectStmt* source_of(const PgQuery__InsertStmt& statement) {
  return statement.select_stmt ? statement.select_stmt->select_stmt : nullptr;
}

// How many values the source gives; nothing where it is a query whose columns are not all known.
std::optional<std::size_t> width_of(QueryReader& reader, const PgQuery__InsertStmt& statement) {
  const PgQuery__SelectStmt* source = source_of(statement);
  if (!source) return 0;
  if (source->n_values_lists > 0) return source->values_lists[0]->list->n_items;
  bool all_known = true;
  const std::size_t width = result_columns(reader, *source, all_known).size();
  return all_known ? std::optional(width) : std::nullopt;
}

void require_width(const Execution& execution, std::size_t values, std::size_t columns, bool named) {
  if (values > columns) execution.fail("42601", "INSERT has more expressions than target columns");
  if (named && values < columns) execution.fail("42601", "INSERT has more target columns than expressions");
}

std::map<std::string, const Node*> row_of(const Relation& table, const std::vector<int>& columns,
                                          const PgQuery__List& values) {
  std::map<std::string, const Node*> row;
  for (std::size_t i = 0; i < columns.size() && i < values.n_items; ++i) {
    const Column* column = table.column(columns[i]);
    if (column && !is_default(*values.items[i])) row.emplace(column->name, values.items[i]);
  }
  return row;
}

void check_row(const Execution& execution, const Relation& table, const std::map<std::string, const Node*>& row,
               bool overriding) {
  for (const Column& column : table.columns) {
    const auto at = row.find(column.name);
    const Node* value = at == row.end() ? nullptr : at->second;
    require_writable(execution, column, value, overriding);
    if (const auto label = value ? literal_text(*value) : std::nullopt) {
      require_label(execution, column.type.type, *label);
    }
    if (!may_be_changed_before(table, RowChange::insert)) require_not_null(execution, table, column, value);
  }
}

// Of a query the values are not known, only which columns get one.
void check_query(const Execution& execution, const Relation& table, const std::vector<int>& columns, bool overriding) {
  static const Node kSomething{};
  for (const int number : columns) {
    if (const Column* column = table.column(number)) require_writable(execution, *column, &kSomething, overriding);
  }
}

}  // namespace

std::vector<int> first_columns(QueryReader& reader, const Relation& table, const PgQuery__InsertStmt& statement) {
  std::vector<int> numbers;
  const std::optional<std::size_t> width = width_of(reader, statement);
  for (const Column& each : table.columns) {
    if (!width || numbers.size() < *width) numbers.push_back(each.number);
  }
  if (width && !table.columns_unknown) require_width(reader.execution, *width, numbers.size(), false);
  return numbers;
}

InsertedRows read_rows(QueryReader& reader, const Relation& table, const std::vector<int>& columns,
                       const PgQuery__InsertStmt& statement) {
  const PgQuery__SelectStmt* source = source_of(statement);
  const bool is_query = source && source->n_values_lists == 0;
  InsertedRows inserted{.none = is_query && gives_no_rows(*source), .known = !is_query};
  if (table.columns_unknown) return InsertedRows{.none = inserted.none};
  const bool overriding = is_overriding(statement);
  if (is_query) {
    check_query(reader.execution, table, columns, overriding);
    return inserted;
  }
  if (!source) inserted.rows.emplace_back();
  for (const Node* each : source ? list(source->n_values_lists, source->values_lists) : list<Node>(0, nullptr)) {
    require_width(reader.execution, each->list->n_items, columns.size(), statement.n_cols > 0);
    inserted.rows.push_back(row_of(table, columns, *each->list));
  }
  for (const auto& row : inserted.rows) check_row(reader.execution, table, row, overriding);
  return inserted;
}

void draw_numbers(QueryReader& reader, const Relation& table, const std::vector<int>& written) {
  const std::vector<Column> columns = table.columns;
  for (const Column& column : columns) {
    if (std::ranges::find(written, column.number) != written.end()) continue;
    if (column.identity != Column::Identity::none && column.owned_sequence) {
      reader.execution.lock(column.owned_sequence, LockMode::row_exclusive);
    }
    if (column.default_sql.empty()) continue;
    for (const std::string& each : expression_facts(reader.execution, column.default_sql, nullptr).sequences) {
      reader.draw_from(each);
    }
  }
}

}  // namespace martlet
