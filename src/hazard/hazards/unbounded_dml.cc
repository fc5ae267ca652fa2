// UPDATE and DELETE that touch all rows of a table, or nearly all: judged by their conditions, because there is no
// estimate of how many rows a condition finds.
#include <fmt/format.h>

#include <algorithm>

#include "base/registry.h"
#include "base/text.h"
#include "hazard/look.h"

namespace martlet {
namespace {

constexpr double kFew = 1000;  // rows that no statement takes long for

struct Target {
  const PgQuery__RangeVar& range;
  const Relation* table;
  bool sets_unfilled = false;  // a column that was added in this run, and that all rows have empty
};

// What a condition does to the number of rows.
enum class Bound {
  none,  // always true
  join,  // as many rows as find a partner
  some,  // may keep most of them out
};

bool is_of_target(const PgQuery__ColumnRef& column, const Target& target) {
  if (column.n_fields < 2) return true;
  const std::string_view qualifier = string_value(column.fields[column.n_fields - 2]);
  const std::string_view name = target.range.alias ? target.range.alias->aliasname : target.range.relname;
  return qualifier == name;
}

const PgQuery__ColumnRef* column_ref(const Node* node) {
  return node && node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF ? node->column_ref : nullptr;
}

const Column* column_of(const Node* node, const Target& target) {
  const PgQuery__ColumnRef* reference = column_ref(node);
  if (!reference || !target.table || !is_of_target(*reference, target)) return nullptr;
  return target.table->column(string_value(reference->fields[reference->n_fields - 1]));
}

bool is_unfilled(const Case& at, const Node* node, const Target& target) {
  const Column* column = column_of(node, target);
  return column && at.state.unfilled.contains({target.table->id, column->number});
}

bool same_column(const PgQuery__ColumnRef& a, const PgQuery__ColumnRef& b) {
  return string_values(a.n_fields, a.fields) == string_values(b.n_fields, b.fields);
}

Bound bound_of_null_test(const Case& at, const PgQuery__NullTest& test, const Target& target) {
  if (test.nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL) {
    return is_unfilled(at, test.arg, target) ? Bound::none : Bound::some;
  }
  const Column* column = column_of(test.arg, target);
  return column && column->not_null ? Bound::none : Bound::some;
}

Bound bound_of_comparison(const PgQuery__AExpr& expression, const Target& target) {
  if (expression.kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP || expression.n_name != 1) return Bound::some;
  if (string_value(expression.name[0]) != "=" || !expression.lexpr || !expression.rexpr) return Bound::some;
  const PgQuery__ColumnRef* left = column_ref(expression.lexpr);
  const PgQuery__ColumnRef* right = column_ref(expression.rexpr);
  if (left && right) {
    if (same_column(*left, *right)) return Bound::none;
    return is_of_target(*left, target) != is_of_target(*right, target) ? Bound::join : Bound::some;
  }
  const Node& l = *expression.lexpr;
  const Node& r = *expression.rexpr;
  const bool constants = l.node_case == PG_QUERY__NODE__NODE_A_CONST && r.node_case == PG_QUERY__NODE__NODE_A_CONST;
  return constants && deparse_expression(l) == deparse_expression(r) ? Bound::none : Bound::some;
}

bool is_true(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return is_true(*node.type_cast->arg);
  if (node.node_case != PG_QUERY__NODE__NODE_A_CONST || node.a_const->isnull) return false;
  const PgQuery__AConst& value = *node.a_const;
  if (value.val_case == PG_QUERY__A__CONST__VAL_BOOLVAL) return value.boolval->boolval;
  return value.val_case == PG_QUERY__A__CONST__VAL_SVAL && is_one_of(value.sval->sval, {"t", "true", "yes", "on", "1"});
}

Bound bound_of(const Case& at, const Node& condition, const Target& target);

Bound bound_of_all(const Case& at, const PgQuery__BoolExpr& expression, const Target& target) {
  const bool is_and = expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR;
  const bool is_or = expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR;
  if (!is_and && !is_or) return Bound::some;
  Bound bound = is_and ? Bound::none : Bound::some;
  for (const Node* each : list(expression.n_args, expression.args)) {
    const Bound one = bound_of(at, *each, target);
    bound = is_and ? std::max(bound, one) : std::min(bound, one);
  }
  return bound;
}

Bound bound_of(const Case& at, const Node& condition, const Target& target) {
  switch (condition.node_case) {
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
      return bound_of_all(at, *condition.bool_expr, target);
    case PG_QUERY__NODE__NODE_NULL_TEST:
      return bound_of_null_test(at, *condition.null_test, target);
    case PG_QUERY__NODE__NODE_A_EXPR:
      return bound_of_comparison(*condition.a_expr, target);
    default:
      return is_true(condition) ? Bound::none : Bound::some;
  }
}

void report(const Case& at, const Target& target, bool is_update, Findings& found) {
  const std::string name = shown(target.range);
  HazardFinding& finding =
      found.add(at, fmt::format("{} every row of {} in one statement", is_update ? "changes" : "deletes", name));
  finding.relations = {name};
  found.offer(finding, at, target.table);
}

void judge(const Case& at, const Target& target, const Node* condition, bool is_update, Findings& found) {
  if (!is_live(at, &target.range)) return;
  if (target.table && target.table->tuples >= 0 && target.table->tuples < kFew) return;
  const Bound bound = condition ? bound_of(at, *condition, target) : Bound::none;
  if (bound == Bound::none || (bound == Bound::join && target.sets_unfilled)) report(at, target, is_update, found);
}

bool sets_unfilled(const Case& at, const PgQuery__UpdateStmt& update, const Relation* table) {
  if (!table) return false;
  return std::ranges::any_of(list(update.n_target_list, update.target_list), [&](const Node* each) {
    const Column* column = table->column(std::string_view(each->res_target->name));
    return column && at.state.unfilled.contains({table->id, column->number});
  });
}

void look_at(const Case& at, const Node& node, Findings& found) {
  const PgQuery__WithClause* with = nullptr;
  if (node.node_case == PG_QUERY__NODE__NODE_UPDATE_STMT) {
    const PgQuery__UpdateStmt& update = *node.update_stmt;
    const Relation* table = at.relation(update.relation);
    judge(at, {*update.relation, table, sets_unfilled(at, update, table)}, update.where_clause, true, found);
    with = update.with_clause;
  } else if (node.node_case == PG_QUERY__NODE__NODE_DELETE_STMT) {
    const PgQuery__DeleteStmt& statement = *node.delete_stmt;
    judge(at, {*statement.relation, at.relation(statement.relation)}, statement.where_clause, false, found);
    with = statement.with_clause;
  } else if (node.node_case == PG_QUERY__NODE__NODE_SELECT_STMT) {
    with = node.select_stmt->with_clause;
  } else if (node.node_case == PG_QUERY__NODE__NODE_INSERT_STMT) {
    with = node.insert_stmt->with_clause;
  }
  if (!with) return;
  for (const Node* each : list(with->n_ctes, with->ctes)) look_at(at, *each->common_table_expr->ctequery, found);
}

// `-- martlet:batch` stands before it, with nothing but comments between.
bool runs_in_batches(const Case& at) {
  const auto is_batch = [](const Directive& each) { return each.name == "batch"; };
  if (!at.migration || std::ranges::none_of(at.migration->directives, is_batch)) return false;
  for (const SourceText* part : {&at.migration->up, at.migration->down ? &*at.migration->down : nullptr}) {
    if (!part || part->file != at.statement.place.file) continue;
    const std::vector<std::string> lines = split_lines(part->text);
    for (int i = at.statement.place.line - part->first_line - 1; i >= 0 && i < std::ssize(lines); --i) {
      const std::string_view line = trim(lines[static_cast<std::size_t>(i)]);
      if (!line.empty() && !line.starts_with("--")) break;
      if (line.starts_with("--") && trim(line.substr(2)).starts_with("martlet:batch")) return true;
    }
  }
  return false;
}

void check(const Case& at, Findings& found) {
  if (!runs_in_batches(at)) look_at(at, *at.node, found);
}

const Registered<Hazard> kHazard{{
    .id = "unbounded-dml",
    .severity = Hazard::Severity::warning,
    .summary = "UPDATE or DELETE of all rows of a table in use",
    .why =
        "Every row stays locked until the transaction ends, so that writers of any of them wait; the table grows by a "
        "dead copy of each, replicas fall behind, and an interruption loses all of the work. Measured on 2 million "
        "rows (146 MB): 14.4 s.",
    .safe_form = "Do it in batches by ranges of the key, each committed (-- martlet:batch), in a migration of its own.",
    .recipe = "batched-rows",
    .on = {PG_QUERY__NODE__NODE_UPDATE_STMT, PG_QUERY__NODE__NODE_DELETE_STMT, PG_QUERY__NODE__NODE_SELECT_STMT,
           PG_QUERY__NODE__NODE_INSERT_STMT},
    .check = check,
    .size_aware = true,
}};

}  // namespace
}  // namespace martlet
