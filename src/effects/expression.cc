#include "effects/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "effects/coercion.h"
#include "effects/inlining.h"
#include "effects/overload.h"
#include "sql/tree.h"
#include "sql/walk.h"

namespace martlet {
namespace {

ExpressionFacts facts_of_text(Execution& execution, const std::string& sql, const Relation* row, bool again,
                              int inlined = 0);

class Analysis {
 public:
  Analysis(Execution& execution, const Relation* row, bool strict, bool again = false, int inlined = 0)
      : execution_(execution),
        catalog_(execution.catalog),
        row_(row),
        strict_(strict),
        again_(again),
        inlined_(inlined) {}

  ExpressionFacts take(const Node& expression) {
    facts_.type = look(expression);
    facts_.is_null_constant = is_null(expression);
    facts_.literal = string_literal(expression);
    facts_.constant = !facts_.names_column && !facts_.has_subquery;
    return std::move(facts_);
  }

 private:
  /// Notes what the node does and returns its type.
  TypeUse look(const Node& node) {
    switch (node.node_case) {
      case PG_QUERY__NODE__NODE_A_CONST:
        return constant(*node.a_const);
      case PG_QUERY__NODE__NODE_COLUMN_REF:
        return column(*node.column_ref);
      case PG_QUERY__NODE__NODE_TYPE_CAST:
        return cast(*node.type_cast);
      case PG_QUERY__NODE__NODE_FUNC_CALL:
        return call(*node.func_call);
      case PG_QUERY__NODE__NODE_A_EXPR:
        return operation(*node.a_expr);
      case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
        note(Volatility::stable);
        return sql_value(node.sqlvalue_function->op);
      case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
        return look(*node.collate_clause->arg);
      case PG_QUERY__NODE__NODE_SUB_LINK:
        return subquery(node);
      case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        return common_type(look_all(node.coalesce_expr->n_args, node.coalesce_expr->args));
      case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
        return common_type(look_all(node.min_max_expr->n_args, node.min_max_expr->args));
      case PG_QUERY__NODE__NODE_CASE_EXPR:
        return choice(*node.case_expr);
      case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
        return array(*node.a_array_expr);
      case PG_QUERY__NODE__NODE_BOOL_EXPR:
      case PG_QUERY__NODE__NODE_NULL_TEST:
      case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
        look_below(node);
        return {.type = type_id::boolean};
      default:
        look_below(node);
        return {};
    }
  }

  void look_below(const Node& node) {
    each_child(node, [&](const Node& child) { look(child); });
  }

  std::vector<TypeUse> look_all(std::size_t count, Node* const* items) {
    std::vector<TypeUse> types;
    for (const Node* each : list(count, items)) types.push_back(look(*each));
    return types;
  }

  void note(Volatility volatility) { note(volatility, volatility); }
  void note(Volatility planned, Volatility declared) {
    facts_.volatility = worse(facts_.volatility, planned);
    facts_.declared_volatility = worse(facts_.declared_volatility, declared);
  }

  void note_function(ObjectId id) {
    const Function* function = catalog_.functions.get(id);
    if (!function) return note(Volatility::unknown);
    note(when_planned(*function), function->volatility);
    if (function->schema != "pg_catalog") facts_.functions.push_back(id);
  }

  // A body that may change more often than the function promises is not inlined.
  Volatility when_planned(const Function& function) {
    constexpr int kDeepest = 10;
    const std::string body = inlined_ < kDeepest ? inlined_expression(function) : "";
    if (body.empty()) return function.volatility;
    const Volatility of_body = facts_of_text(execution_, body, nullptr, false, inlined_ + 1).volatility;
    return worse(of_body, function.volatility) == function.volatility ? of_body : function.volatility;
  }

  static std::optional<std::string> string_literal(const Node& node) {
    if (node.node_case != PG_QUERY__NODE__NODE_A_CONST || node.a_const->isnull) return std::nullopt;
    if (node.a_const->val_case != PG_QUERY__A__CONST__VAL_SVAL) return std::nullopt;
    return node.a_const->sval->sval;
  }

  static TypeUse constant(const PgQuery__AConst& value) {
    if (value.isnull) return {.type = type_id::unknown};
    switch (value.val_case) {
      case PG_QUERY__A__CONST__VAL_IVAL:
        return {.type = type_id::int4};
      case PG_QUERY__A__CONST__VAL_FVAL: {
        const std::string_view digits = value.fval->fval;
        const bool whole = digits.find_first_not_of("0123456789") == std::string_view::npos && digits.size() < 19;
        return {.type = whole ? type_id::int8 : type_id::numeric};
      }
      case PG_QUERY__A__CONST__VAL_BOOLVAL:
        return {.type = type_id::boolean};
      case PG_QUERY__A__CONST__VAL_BSVAL:
        return {.type = type_id::bit};
      default:
        return {.type = type_id::unknown};
    }
  }

  static bool is_null(const Node& node) {
    if (node.node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return is_null(*node.type_cast->arg);
    return node.node_case == PG_QUERY__NODE__NODE_A_CONST && node.a_const->isnull;
  }

  TypeUse column(const PgQuery__ColumnRef& reference) {
    facts_.names_column = true;
    const std::string_view name = string_value(reference.fields[reference.n_fields - 1]);
    if (!row_ || name.empty() || depth_ > 0) return {};
    if (const Column* found = row_->column(name)) {
      if (std::ranges::find(facts_.columns, found->number) == facts_.columns.end()) {
        facts_.columns.push_back(found->number);
      }
      return found->type;
    }
    if (is_system(name) && name != "tableoid") facts_.names_system_column = true;
    if (strict_ && !row_->columns_unknown && reference.n_fields == 1 && name != row_->name && !is_system(name)) {
      execution_.fail("42703", fmt::format("column \"{}\" does not exist", name));
    }
    return {};
  }

  static bool is_system(std::string_view name) {
    return name == "tableoid" || name == "ctid" || name == "xmin" || name == "xmax" || name == "cmin" || name == "cmax";
  }

  TypeUse cast(const PgQuery__TypeCast& node) {
    const TypeUse from = look(*node.arg);
    const TypeUse to = type_named(*node.type_name);
    note_cast(from.type, to.type);
    return to;
  }

  TypeUse type_named(const PgQuery__TypeName& written) {
    const QualifiedName name = qualified_name(written.n_names, written.names);
    const Type* found = name.schema.empty() ? in_search_path(name.name) : catalog_.types.find(name.schema, name.name);
    if (!found) {
      if (strict_ && catalog_.complete)
        execution_.fail("42704", fmt::format("type \"{}\" does not exist", name.text()));
      return {};
    }
    return {.type = written.n_array_bounds > 0 ? found->array : found->id};
  }

  const Type* in_search_path(const std::string& name) const {
    if (const Type* found = catalog_.types.find("pg_catalog", name)) return found;
    for (const std::string& schema : execution_.session.search_path) {
      const std::string& real = schema == "$user" ? execution_.session.user : schema;
      if (const Type* found = catalog_.types.find(real, name)) return found;
    }
    return nullptr;
  }

  // A literal is read once, when the expression is stored; casts through text ask what the types' functions read.
  void note_cast(ObjectId from, ObjectId to) {
    if (from == type_id::unknown || from == to || !from || !to) return;
    if (const Cast* found =
            catalog_.cast(base_type(catalog_, {.type = from}).type, base_type(catalog_, {.type = to}).type);
        found && found->method == Cast::Method::function) {
      return note_function(found->function);
    }
    if (find_coercion(catalog_, from, to, 'e') == CoercionPath::input_output) {
      note(depends_on_settings(from) || depends_on_settings(to) ? Volatility::stable : Volatility::immutable);
    }
  }

  // Types whose input or output function is not immutable: DateStyle, TimeZone, the catalogs (pg_proc.provolatile).
  bool depends_on_settings(ObjectId id) const {
    const Type* type = catalog_.types.get(base_type(catalog_, {.type = id}).type);
    if (!type) return true;
    return type->category == 'D' || type->category == 'T' || type->element != 0 || type->kind != Type::Kind::base ||
           type->name.starts_with("reg") || type->name == "money";
  }

  TypeUse call(const PgQuery__FuncCall& node) {
    const std::vector<TypeUse> arguments = look_all(node.n_args, node.args);
    if (node.agg_filter) look(*node.agg_filter);
    const QualifiedName name = qualified_name(node.n_funcname, node.funcname);
    const std::vector<const Function*> candidates = functions_named(execution_, name);
    if (candidates.empty()) return unresolved(name, arguments);
    const Overload found = choose_overload(catalog_, candidates, arguments);
    if (again_ && !found.fits && std::ranges::all_of(arguments, known)) no_such_function(name, arguments);
    for (const Function* each : found.candidates) note_function(each->id);
    note_kind(node, name, *found.candidates.front());
    return {.type = found.result};
  }

  TypeUse unresolved(const QualifiedName& name, const std::vector<TypeUse>& arguments) {
    if (arguments.size() == 1) {  // int4(x), date(x): a cast written as a function
      if (const Type* type = catalog_.types.find("pg_catalog", name.name)) {
        note_cast(arguments[0].type, type->id);
        return {.type = type->id};
      }
    }
    if (strict_ && catalog_.complete) no_such_function(name, arguments);
    note(Volatility::unknown);
    facts_.unresolved.push_back(name.text());
    return {};
  }

  [[noreturn]] void no_such_function(const QualifiedName& name, const std::vector<TypeUse>& arguments) const {
    execution_.fail("42883", fmt::format("function {}({}) does not exist", name.text(),
                                         fmt::join(argument_texts(arguments), ", ")));
  }

  static bool known(const TypeUse& use) { return use.type != 0 && use.type != type_id::unknown; }

  void note_kind(const PgQuery__FuncCall& node, const QualifiedName& name, const Function& function) {
    if (function.kind == Function::Kind::aggregate && !node.over) facts_.has_aggregate = true;
    if (function.returns_set) facts_.returns_set = true;
    if (name.name != "nextval" || node.n_args != 1) return;
    const Node* argument = node.args[0];
    while (argument->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) argument = argument->type_cast->arg;
    if (argument->node_case != PG_QUERY__NODE__NODE_A_CONST) return;
    if (argument->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL) {
      facts_.sequences.emplace_back(argument->a_const->sval->sval);
    }
  }

  std::vector<std::string> argument_texts(const std::vector<TypeUse>& arguments) const {
    std::vector<std::string> texts;
    for (const TypeUse& each : arguments) texts.push_back(type_text(catalog_, {.type = each.type}));
    return texts;
  }

  TypeUse operation(const PgQuery__AExpr& node) {
    const TypeUse left = node.lexpr ? look(*node.lexpr) : TypeUse{};
    const TypeUse right = node.rexpr ? look(*node.rexpr) : TypeUse{};
    if (node.kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF) return left;
    if (node.kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP) return {.type = type_id::boolean};
    const Operator* found = choose_operator(catalog_, qualified_name(node.n_name, node.name), left.type, right.type);
    if (!found && again_ && known(right) && (!node.lexpr || known(left)) &&
        !has_operator(catalog_, qualified_name(node.n_name, node.name), left.type, right.type)) {
      execution_.fail("42883",
                      fmt::format("operator does not exist: {} {} {}", type_text(catalog_, {.type = left.type}),
                                  string_value(node.name[node.n_name - 1]), type_text(catalog_, {.type = right.type})));
    }
    if (!found) return {};
    note_function(found->function);
    return {.type = found->result};
  }

  TypeUse subquery(const Node& node) {
    facts_.has_subquery = true;
    ++depth_;
    look_below(node);
    --depth_;
    return {};
  }

  // What a constant condition never reaches is not even planned.
  TypeUse choice(const PgQuery__CaseExpr& node) {
    std::vector<TypeUse> results;
    if (!node.arg && node.n_args > 0) {
      const PgQuery__CaseWhen& first = *node.args[0]->case_when;
      if (is_true(*first.expr)) return look(*first.result);
    }
    if (node.arg) look(*node.arg);
    for (const Node* each : list(node.n_args, node.args)) {
      look(*each->case_when->expr);
      results.push_back(look(*each->case_when->result));
    }
    if (node.defresult) results.push_back(look(*node.defresult));
    return common_type(results);
  }

  static bool is_true(const Node& node) {
    return node.node_case == PG_QUERY__NODE__NODE_A_CONST &&
           node.a_const->val_case == PG_QUERY__A__CONST__VAL_BOOLVAL && node.a_const->boolval->boolval;
  }

  TypeUse array(const PgQuery__AArrayExpr& node) {
    const Type* element = catalog_.types.get(common_type(look_all(node.n_elements, node.elements)).type);
    return {.type = element ? element->array : 0};
  }

  static TypeUse common_type(const std::vector<TypeUse>& types) {
    const auto known = std::ranges::find_if(types, [](const TypeUse& each) { return each.type != type_id::unknown; });
    if (known == types.end()) return {.type = type_id::text};
    const bool same = std::ranges::all_of(
        types, [&](const TypeUse& each) { return each.type == known->type || each.type == type_id::unknown; });
    return {.type = same ? known->type : 0};
  }

  static TypeUse sql_value(PgQuery__SQLValueFunctionOp op) {
    switch (op) {
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE:
        return {.type = type_id::date};
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME:
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME_N:
        return {.type = type_id::timetz};
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP:
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N:
        return {.type = type_id::timestamptz};
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME:
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME_N:
        return {.type = type_id::time};
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP:
      case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N:
        return {.type = type_id::timestamp};
      default:
        return {.type = type_id::name};
    }
  }

  Execution& execution_;
  const Catalog& catalog_;
  const Relation* row_;
  bool strict_;
  bool again_;
  int inlined_;    // how many calls of functions in SQL this is the body of
  int depth_ = 0;  // of subqueries, whose columns are not the row's
  ExpressionFacts facts_;
};

}  // namespace

Volatility worse(Volatility a, Volatility b) {
  const auto rank = [](Volatility each) {
    return each == Volatility::unknown ? 2 : each == Volatility::volatile_ ? 3 : static_cast<int>(each);
  };
  return rank(a) >= rank(b) ? a : b;
}

ExpressionFacts expression_facts(Execution& execution, const Node& expression, const Relation* row) {
  return Analysis(execution, row, true).take(expression);
}

namespace {

ExpressionFacts facts_of_text(Execution& execution, const std::string& sql, const Relation* row, bool again,
                              int inlined) {
  ExpressionFacts facts;
  facts.volatility = facts.declared_volatility = Volatility::unknown;
  if (sql.empty()) return facts;  // a column without a default
  visit_trees({{.text = "SELECT " + sql}}, [&](const Statement&, const Tree& tree) {
    const Node* node = tree.nodes ? statement_node(*tree.nodes) : nullptr;
    if (!node || node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return;
    if (node->select_stmt->n_target_list != 1) return;
    facts = Analysis(execution, row, false, again, inlined).take(*node->select_stmt->target_list[0]->res_target->val);
  });
  return facts;
}

}  // namespace

ExpressionFacts expression_facts(Execution& execution, const std::string& sql, const Relation* row) {
  return facts_of_text(execution, sql, row, false);
}

ExpressionFacts analyse_again(Execution& execution, const std::string& sql, const Relation* row) {
  return facts_of_text(execution, sql, row, true);
}

void note_calls(Execution& execution, ObjectId relation, const ExpressionFacts& facts) {
  for (const ObjectId function : facts.functions) {
    const std::vector<ObjectId>& calls = execution.catalog.relations.get(relation)->calls;
    if (std::ranges::find(calls, function) != calls.end()) continue;
    execution.catalog.relations.edit(relation).calls.push_back(function);
  }
}

}  // namespace martlet
