#include "recipe/batch_insert.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "effects/search_path.h"
#include "recipe/batch_key.h"
#include "recipe/build.h"
#include "sql/walk.h"

namespace martlet {
namespace {

BatchVerdict refused(std::string why) {
  return {.change = std::nullopt, .why_not = std::move(why)};
}

// An aggregate or a window function of the query itself, not of a subquery.
bool collects_rows(const Catalog& catalog, const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_SUB_LINK) return false;
  bool found = false;
  if (node.node_case == PG_QUERY__NODE__NODE_FUNC_CALL) {
    const PgQuery__FuncCall& call = *node.func_call;
    const QualifiedName name = qualified_name(call.n_funcname, call.funcname);
    found = call.over || call.agg_star || call.agg_distinct || call.agg_filter || call.agg_within_group;
    const auto look = [&](const Function& function) {
      found = found || function.kind == Function::Kind::aggregate || function.kind == Function::Kind::window;
    };
    for (const std::string_view schema : {std::string_view("pg_catalog"), std::string_view("public")}) {
      if (name.schema.empty() || name.schema == schema) catalog.functions.each_named(schema, name.name, look);
    }
  }
  each_child(node, [&](const Node& child) { found = found || collects_rows(catalog, child); });
  return found;
}

std::string unfit(const PgQuery__SelectStmt& select) {
  if (select.op != PG_QUERY__SET_OPERATION__SETOP_NONE) return "it joins several queries (UNION and the like)";
  if (select.n_values_lists) return "it inserts VALUES: there is nothing to go through";
  if (select.n_from_clause != 1 || select.from_clause[0]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR) {
    return "it reads more than one table; only the rows of one table can be gone through by key";
  }
  if (!select.from_clause[0]->range_var->inh) return "ONLY leaves out the rows of other tables";
  if (select.n_distinct_clause || select.n_group_clause || select.having_clause || select.n_window_clause) {
    return "DISTINCT, GROUP BY, HAVING and WINDOW need all rows at once";
  }
  if (select.n_sort_clause || select.limit_count || select.limit_offset) {
    return "ORDER BY, LIMIT and OFFSET hold for all rows together";
  }
  if (select.n_locking_clause) return "it locks the rows that it reads";
  if (select.with_clause) return "WITH would be read anew for every batch";
  return "";
}

const Relation* find_table(const Operation& operation, const PgQuery__RangeVar& range) {
  return by_search_path(operation.session, qualified_name(range), [&](std::string_view schema, std::string_view name) {
    return operation.before.relation(schema, name);
  });
}

std::string deparse_insert(PgQuery__InsertStmt statement) {
  statement.select_stmt = nullptr;
  Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_INSERT_STMT;
  node.insert_stmt = &statement;
  return std::string(trim(deparse_statement(node)));
}

// `INSERT INTO copy (a)` and `ON CONFLICT …`: the deparser writes both around DEFAULT VALUES.
bool split_around_query(const PgQuery__InsertStmt& statement, BatchChange& change) {
  constexpr std::string_view kNothing = "DEFAULT VALUES";
  PgQuery__InsertStmt bare = statement;
  bare.on_conflict_clause = nullptr;
  const std::string head = deparse_insert(bare);
  const std::string whole = deparse_insert(statement);
  if (!head.ends_with(kNothing) || !whole.starts_with(head)) return false;
  change.target = trim(std::string_view(head).substr(0, head.size() - kNothing.size()));
  change.conflict = trim(std::string_view(whole).substr(head.size()));
  return true;
}

std::string read_values(const Operation& operation, const PgQuery__SelectStmt& select, BatchChange& change) {
  std::vector<std::string> values;
  for (const Node* each : list(select.n_target_list, select.target_list)) {
    const Node& value = *each->res_target->val;
    if (collects_rows(operation.catalog, value)) return "it computes over all rows (an aggregate or a window function)";
    values.push_back(deparse_expression(value));
    if (values.back().empty()) return "a value of its query cannot be written back as SQL";
  }
  change.values = join(values, ", ");
  if (select.where_clause) change.condition = deparse_expression(*select.where_clause);
  return "";
}

}  // namespace

BatchVerdict batch_insert(const Operation& operation, const PgQuery__InsertStmt& statement,
                          const std::vector<std::string>& wanted) {
  if (!statement.select_stmt) return refused("it inserts one row");
  if (statement.n_returning_list) return refused("RETURNING has nobody to return rows to");
  if (statement.with_clause) return refused("WITH would be read anew for every batch");
  const PgQuery__SelectStmt& select = *statement.select_stmt->select_stmt;
  if (std::string why = unfit(select); !why.empty()) return refused(std::move(why));
  const PgQuery__RangeVar& from = *select.from_clause[0]->range_var;
  const Relation* source = find_table(operation, from);
  if (!source) return refused(fmt::format("table {} is not known", from.relname));
  if (source->kind != RelationKind::table && !source->is_partitioned()) {
    return refused(fmt::format("{} is not a table", source->name));
  }
  if (source->persistence == Persistence::temporary) {
    return refused(fmt::format("{} is temporary: the workers' sessions do not see it", source->name));
  }
  if (find_table(operation, *statement.relation) == source) {
    return refused("it reads the table that it fills: new rows would be met again");
  }
  BatchChange change{.kind = BatchChange::Kind::insert,
                     .table = QualifiedName{source->schema, source->name}.text(),
                     .rows = source->tuples,
                     .pages = source->pages};
  if (from.alias) change.alias = quote_where_needed(from.alias->aliasname);
  const auto key = batch_key(operation, *source, wanted);
  if (!key) {
    return refused(fmt::format("{} has no {}: rows that move meanwhile would be inserted twice", source->name,
                               wanted.empty() ? "primary key or unique index over NOT NULL columns"
                                              : "such key (" + join(wanted, ", ") + ")"));
  }
  change.key = key_columns(operation, *source, *key);
  if (change.key.empty()) return refused("the types of its key are not known");
  if (std::string why = read_values(operation, select, change); !why.empty()) return refused(std::move(why));
  if (!split_around_query(statement, change)) return refused("its target cannot be written back as SQL");
  return {.change = std::move(change), .why_not = ""};
}

}  // namespace martlet
