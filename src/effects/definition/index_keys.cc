// The columns, expressions and predicate of an index (indexcmds.c, ComputeIndexAttrs).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "effects/alter_table/action.h"
#include "effects/coercion.h"
#include "effects/definition/access_methods.h"
#include "effects/definition/operator_classes.h"
#include "effects/definition/parts.h"
#include "effects/expression.h"
#include "schema/operator_class.h"

namespace martlet {
namespace {

// parse_target.c, FigureColname, for what stands in an index.
std::string expression_name(const Node& expression) {
  switch (expression.node_case) {
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      return qualified_name(expression.func_call->n_funcname, expression.func_call->funcname).name;
    case PG_QUERY__NODE__NODE_TYPE_CAST: {
      std::string inner = expression_name(*expression.type_cast->arg);
      const PgQuery__TypeName& type = *expression.type_cast->type_name;
      return inner == "expr" ? qualified_name(type.n_names, type.names).name : inner;
    }
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
      return expression_name(*expression.collate_clause->arg);
    case PG_QUERY__NODE__NODE_COLUMN_REF:
      return qualified_name(expression.column_ref->n_fields, expression.column_ref->fields).name;
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
      return "coalesce";
    case PG_QUERY__NODE__NODE_CASE_EXPR:
      return "case";
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
      return "array";
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
      return expression.min_max_expr->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST ? "greatest" : "least";
    default:
      return "expr";
  }
}

void read_column(std::vector<int>& reads, int column) {
  if (std::ranges::find(reads, column) == reads.end()) reads.push_back(column);
}

ExpressionFacts read_expression(Execution& execution, IndexPlan& plan, const Node& expression, std::string_view where) {
  const Relation* table = execution.catalog.relations.get(plan.table);
  const ExpressionFacts facts = expression_facts(execution, expression, table);
  if (facts.volatility == Volatility::stable || facts.volatility == Volatility::volatile_) {
    execution.fail("42P17", fmt::format("functions in index {} must be marked IMMUTABLE", where));
  }
  for (const int column : facts.columns) read_column(plan.definition.reads, column);
  return facts;
}

TypeUse read_key_column(Execution& execution, IndexPlan& plan, IndexKey& key, const std::string& name) {
  const Relation& table = *execution.catalog.relations.get(plan.table);
  if (!table.column(name) && is_system_column(name)) {
    execution.fail("0A000", "index creation on system columns is not supported");
  }
  if (!table.column(name) && !table.columns_unknown) {
    execution.fail("42703", fmt::format("column \"{}\" does not exist", name));
  }
  key.column = column_number(execution, plan.table, name);
  read_column(plan.definition.reads, key.column);
  add_column_name(plan, name);
  return execution.catalog.relations.get(plan.table)->column(key.column)->type;
}

// What is said without need is left out: the class that is the type's default, the collation that is the column's own.
void leave_out_defaults(const Catalog& catalog, const IndexPlan& plan, IndexKey& key, TypeUse type) {
  const std::string& method = plan.definition.method;
  const OperatorClass* named = key.opclass.empty() ? nullptr : operator_class_of(catalog, method, key, type.type);
  if (named) {
    const bool usual = key.column ? named == default_operator_class(catalog, method, type.type) : named->is_default;
    key.opclass = usual ? "" : named->schema == "pg_catalog" ? named->name : named->schema + "." + named->name;
  }
  if (key.collation.empty()) return;
  const Column* column = catalog.relations.get(plan.table)->column(key.column);
  const bool has_own = column && !column->collation.empty();
  if (key.collation == (has_own ? column->collation : "default")) key.collation.clear();
}

// Only a method that keeps an order takes one.
void read_order(const Execution& execution, const IndexPlan& plan, IndexKey& key, const PgQuery__IndexElem& element) {
  const bool says_direction = element.ordering != PG_QUERY__SORT_BY_DIR__SORTBY_DEFAULT;
  const bool says_nulls = element.nulls_ordering != PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT;
  const AccessMethod* method = builtin_access_method(plan.definition.method);
  if (method && !method->ordered && (says_direction || says_nulls)) {
    execution.fail("0A000", fmt::format("access method \"{}\" does not support {} options", method->name,
                                        says_direction ? "ASC/DESC" : "NULLS FIRST/LAST"));
  }
  key.descending = element.ordering == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
  key.nulls_first = element.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST ||
                    (key.descending && element.nulls_ordering != PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST);
}

IndexKey read_key(Execution& execution, IndexPlan& plan, const PgQuery__IndexElem& element) {
  IndexKey key;
  TypeUse type;
  if (element.expr) {
    const ExpressionFacts facts = read_expression(execution, plan, *element.expr, "expression");
    type = facts.type;
    key.collation =
        expression_collation(execution.catalog, execution.catalog.relations.get(plan.table)->columns, facts);
    key.expression = deparse_expression(*element.expr);
    add_column_name(plan, expression_name(*element.expr));
  } else {
    type = read_key_column(execution, plan, key, element.name);
  }
  if (element.n_collation > 0) {
    key.collation = resolve_collation(execution, type, qualified_name(element.n_collation, element.collation));
    if (key.collation.empty()) key.collation = "default";
  }
  if (element.n_opclass > 0) key.opclass = qualified_name(element.n_opclass, element.opclass).text();
  require_operator_class(execution, plan.definition.method, key, type);
  leave_out_defaults(execution.catalog, plan, key, type);
  read_order(execution, plan, key, element);
  return key;
}

}  // namespace

std::string expression_collation(const Catalog& catalog, const std::vector<Column>& columns,
                                 const ExpressionFacts& facts) {
  const auto is_collatable = [&](TypeUse use) {
    const Type* type = catalog.types.get(base_type(catalog, use).type);
    return type && type->collatable;
  };
  if (!is_collatable(facts.type)) return "";
  std::set<std::string> collations;
  for (const Column& each : columns) {
    const bool reads = std::ranges::find(facts.columns, each.number) != facts.columns.end();
    if (reads && is_collatable(each.type)) collations.insert(each.collation);
  }
  return collations.size() == 1 ? *collations.begin() : "";
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string joined;
  for (const std::string& name : names) {
    if (!joined.empty()) joined += '_';
    joined += name;
    if (joined.size() >= 64) break;
  }
  return joined;
}

void add_column_name(IndexPlan& plan, const std::string& name) {
  std::string unique = name;
  for (int pass = 1; std::ranges::find(plan.column_names, unique) != plan.column_names.end(); ++pass) {
    unique = name + std::to_string(pass);
  }
  plan.column_names.push_back(std::move(unique));
}

void read_keys(Execution& execution, IndexPlan& plan, std::size_t count, Node* const* elements) {
  for (const Node* each : list(count, elements)) {
    IndexKey key = read_key(execution, plan, *each->index_elem);
    plan.definition.keys.push_back(std::move(key));
  }
}

void read_included(Execution& execution, IndexPlan& plan, const std::string& name) {
  const int number = column_number(execution, plan.table, name);
  plan.definition.included.push_back(number);
  read_column(plan.definition.reads, number);
  add_column_name(plan, name);
}

void read_predicate(Execution& execution, IndexPlan& plan, const Node* predicate) {
  if (!predicate) return;
  read_expression(execution, plan, *predicate, "predicate");
  plan.definition.predicate = deparse_expression(*predicate);
}

}  // namespace martlet
