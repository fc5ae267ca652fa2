// Whether a statement can be made in committed batches: a crash, a retry, or a row that changes meanwhile must lead to
// what the one statement would have led to, so a batch must be able to tell by the row itself whether it is done.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "recipe/batch_insert.h"
#include "recipe/batch_key.h"
#include "recipe/build.h"
#include "recipe/reads.h"

namespace martlet {
namespace {

BatchVerdict refused(std::string why) {
  return {.change = std::nullopt, .why_not = std::move(why)};
}

// ---- SET

struct Assignment {
  std::string column;  // quoted
  std::string name;
  std::string value;
  bool is_constant = false;  // and not NULL
};

struct Assignments {
  std::vector<Assignment> all;
  bool repeatable = true;  // every value is the same at the next call
};

// Types without equality cannot be compared to see whether a row is done.
bool can_be_compared(const Operation& operation, const Column& column) {
  const Type* type = operation.catalog.types.get(column.type.type);
  if (!type) return true;
  constexpr std::string_view kWithout[] = {"json", "xml", "point", "line", "polygon", "path", "txid_snapshot"};
  return std::ranges::find(kWithout, std::string_view(type->name)) == std::ranges::end(kWithout);
}

// What DEFAULT stands for: it cannot be compared with.
std::string default_of(const Column& column, bool& repeatable) {
  if (column.default_sql.empty()) return "NULL";
  repeatable = repeatable &&
               (column.default_volatility == Volatility::immutable || column.default_volatility == Volatility::stable);
  return column.default_sql;
}

class SetClause {
 public:
  SetClause(const Operation& operation, const PgQuery__UpdateStmt& update) : operation_(operation), update_(update) {
    for (const Node* each : targets()) set_.emplace_back(each->res_target->name);
  }

  /// Why it cannot be batched; "" where it can: then `result` is complete.
  std::string read() {
    for (const Node* each : targets()) {
      if (std::string why = read_one(*each->res_target); !why.empty()) return why;
    }
    return "";
  }

  Assignments result;

 private:
  std::span<Node* const> targets() const { return list(update_.n_target_list, update_.target_list); }

  std::string read_one(const PgQuery__ResTarget& target) {
    const Column* column = operation_.table->column(std::string_view(target.name));
    if (!column) return fmt::format("column {} is not known", target.name);
    if (target.n_indirection || !target.val) return fmt::format("SET changes only a part of {}", target.name);
    if (target.val->node_case == PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF) {
      return "SET (…) = (…) assigns several columns at once; write them one by one";
    }
    Assignment one{.column = quote_where_needed(target.name), .name = target.name};
    if (target.val->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT) {
      one.value = default_of(*column, result.repeatable);
      result.all.push_back(std::move(one));
      return comparable(*column);
    }
    const Reads reads = reads_of(*target.val);
    if (reads.subquery) return fmt::format("the value of {} comes from a subquery", target.name);
    for (const std::string& name : reads.columns) {
      if (std::ranges::find(set_, name) == set_.end()) continue;
      return fmt::format("it is not idempotent: the new value of {} is made of {}, which it changes", target.name,
                         name);
    }
    result.repeatable = result.repeatable && !may_be_volatile(operation_.catalog, reads);
    one.is_constant = target.val->node_case == PG_QUERY__NODE__NODE_A_CONST && !target.val->a_const->isnull;
    one.value = deparse_expression(*target.val);
    result.all.push_back(std::move(one));
    return comparable(*column);
  }

  std::string comparable(const Column& column) const {
    if (can_be_compared(operation_, column)) return "";
    return fmt::format("values of {} cannot be compared, so that no batch could tell which rows are done", column.name);
  }

  const Operation& operation_;
  const PgQuery__UpdateStmt& update_;
  std::vector<std::string> set_;
};

// ---- WHERE

// `c IS NULL`, alone or with AND: the columns c.
void collect_null_tests(const Node* where, std::vector<std::string>& columns) {
  if (!where) return;
  if (where->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR &&
      where->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR) {
    for (const Node* part : list(where->bool_expr->n_args, where->bool_expr->args)) collect_null_tests(part, columns);
    return;
  }
  if (where->node_case != PG_QUERY__NODE__NODE_NULL_TEST ||
      where->null_test->nulltesttype != PG_QUERY__NULL_TEST_TYPE__IS_NULL ||
      where->null_test->arg->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) {
    return;
  }
  const Reads reads = reads_of(*where->null_test->arg);
  columns.insert(columns.end(), reads.columns.begin(), reads.columns.end());
}

bool asks_whether_null(const Node* where, const Assignments& set, bool only_constants) {
  std::vector<std::string> columns;
  collect_null_tests(where, columns);
  return std::ranges::any_of(set.all, [&](const Assignment& each) {
    return (each.is_constant || !only_constants) && std::ranges::find(columns, each.name) != columns.end();
  });
}

std::string differences(const Assignments& set) {
  std::vector<std::string> parts;
  for (const Assignment& each : set.all) {
    parts.push_back(fmt::format("{} IS DISTINCT FROM {}", each.column, each.value));
  }
  return parts.size() == 1 ? parts.front() : "(" + join(parts, " OR ") + ")";
}

// The condition under which a row is still to be changed; nullopt where rows do not tell.
std::optional<std::string> to_be_changed(const Node* where, const Assignments& set) {
  const std::string written = where ? deparse_expression(*where) : "";
  if (asks_whether_null(where, set, true)) return written;
  if (set.repeatable) {
    return written.empty() ? differences(set) : fmt::format("({}) AND {}", written, differences(set));
  }
  if (asks_whether_null(where, set, false)) return written;
  return std::nullopt;
}

// ---- the statements

// Why its rows cannot be gone through; "" where they can.
std::string unfit_table(const Operation& operation, const PgQuery__RangeVar& range) {
  const Relation* table = operation.table;
  if (!table) return fmt::format("table {} is not known", range.relname);
  if (table->kind != RelationKind::table && !table->is_partitioned()) {
    return fmt::format("{} is not a table", table->name);
  }
  if (table->persistence == Persistence::temporary) {
    return fmt::format("{} is temporary: the workers' sessions do not see it", table->name);
  }
  if (!range.inh) return "ONLY leaves out the rows of other tables";
  return "";
}

std::string unfit_clauses(bool has_using, bool has_returning, bool has_with) {
  if (has_using) return "it reads another table (FROM, USING)";
  if (has_returning) return "RETURNING has nobody to return rows to";
  if (has_with) return "WITH would be read anew for every batch";
  return "";
}

BatchChange change_of(const Operation& operation, BatchChange::Kind kind, const PgQuery__RangeVar& range) {
  const Relation& table = *operation.table;
  BatchChange change{.kind = kind, .table = QualifiedName{table.schema, table.name}.text()};
  if (range.alias) change.alias = quote_where_needed(range.alias->aliasname);
  change.rows = table.tuples;
  change.pages = table.pages;
  return change;
}

// Sets the key, or leaves it empty for ctid; returns why not, "" = it is done.
std::string choose_key(const Operation& operation, const std::vector<std::string>& wanted, BatchChange& change,
                       std::vector<int>& columns) {
  const Relation& table = *operation.table;
  const auto key = batch_key(operation, table, wanted);
  if (!key && !wanted.empty()) {
    return fmt::format(
        "key={} is not what a primary key or a unique index over NOT NULL columns of {} goes by, in this order",
        join(wanted, ", "), table.name);
  }
  if (key) {
    columns = *key;
    change.key = key_columns(operation, table, columns);
    return change.key.empty() ? "the types of its key are not known" : "";
  }
  // A ctid is unique within one table only.
  if (table.kind != RelationKind::table || !table.children.empty()) {
    return fmt::format("{} has neither a primary key nor a unique index over NOT NULL columns", table.name);
  }
  return "";
}

BatchVerdict update(const Operation& operation, const PgQuery__UpdateStmt& statement,
                    const std::vector<std::string>& wanted) {
  if (std::string why = unfit_table(operation, *statement.relation); !why.empty()) return refused(std::move(why));
  std::string why =
      unfit_clauses(statement.n_from_clause > 0, statement.n_returning_list > 0, statement.with_clause != nullptr);
  if (!why.empty()) return refused(std::move(why));
  if (statement.where_clause && reads_of(*statement.where_clause).subquery) {
    return refused("its condition has a subquery");
  }
  SetClause set(operation, statement);
  if (why = set.read(); !why.empty()) return refused(std::move(why));
  BatchChange change = change_of(operation, BatchChange::Kind::update, *statement.relation);
  std::vector<int> key;
  if (why = choose_key(operation, wanted, change, key); !why.empty()) return refused(std::move(why));
  for (const Assignment& each : set.result.all) {
    const Column* column = operation.table->column(std::string_view(each.name));
    if (std::ranges::find(key, column->number) != key.end()) {
      return refused(fmt::format("SET changes {}, by which the batches go: a row could be met twice", each.name));
    }
  }
  const auto condition = to_be_changed(statement.where_clause, set.result);
  if (!condition) {
    return refused("rows do not tell whether they are done: a value is volatile, and no `… IS NULL` asks for it");
  }
  std::vector<std::string> assignments;
  for (const Assignment& each : set.result.all) assignments.push_back(fmt::format("{} = {}", each.column, each.value));
  change.assignments = join(assignments, ", ");
  change.condition = *condition;
  return {.change = std::move(change), .why_not = ""};
}

BatchVerdict remove(const Operation& operation, const PgQuery__DeleteStmt& statement,
                    const std::vector<std::string>& wanted) {
  if (std::string why = unfit_table(operation, *statement.relation); !why.empty()) return refused(std::move(why));
  std::string why =
      unfit_clauses(statement.n_using_clause > 0, statement.n_returning_list > 0, statement.with_clause != nullptr);
  if (!why.empty()) return refused(std::move(why));
  if (statement.where_clause && reads_of(*statement.where_clause).subquery) {
    return refused("its condition has a subquery");
  }
  BatchChange change = change_of(operation, BatchChange::Kind::remove, *statement.relation);
  std::vector<int> key;
  if (why = choose_key(operation, wanted, change, key); !why.empty()) return refused(std::move(why));
  if (statement.where_clause) change.condition = deparse_expression(*statement.where_clause);
  return {.change = std::move(change), .why_not = ""};
}

}  // namespace

BatchVerdict batch_change(const Operation& operation, const std::vector<std::string>& key) {
  switch (operation.node.node_case) {
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return update(operation, *operation.node.update_stmt, key);
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return remove(operation, *operation.node.delete_stmt, key);
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      return batch_insert(operation, *operation.node.insert_stmt, key);
    default:
      return refused("only UPDATE, DELETE and INSERT … SELECT can be batched");
  }
}

std::optional<BatchChange> batched_update(const Operation& operation, const Relation& table, std::string assignments,
                                          std::string condition) {
  BatchChange change{.table = QualifiedName{table.schema, table.name}.text(),
                     .assignments = std::move(assignments),
                     .condition = std::move(condition),
                     .rows = table.tuples,
                     .pages = table.pages};
  if (const auto key = batch_key(operation, table)) {
    change.key = key_columns(operation, table, *key);
    if (change.key.empty()) return std::nullopt;
  } else if (table.kind != RelationKind::table || !table.children.empty()) {
    return std::nullopt;
  }
  return change;
}

}  // namespace martlet
