#include "sql/nodes.h"

#include <pg_query.h>

#include <optional>
#include <utility>

#include "sql/lexer.h"
#include "sql/statement.h"
#include "sql/unpacked.h"

namespace martlet {
namespace {

std::string deparse(PgQuery__ParseResult& tree) {
  const GivenTree given(tree);
  PgQueryDeparseResult result = pg_query_deparse_protobuf({.len = 0, .data = nullptr});
  std::string text = result.error || !result.query ? "" : result.query;
  pg_query_free_deparse_result(result);
  return text;
}

std::optional<std::string> constant_text(const PgQuery__AConst& constant) {
  if (constant.isnull) return "NULL";
  switch (constant.val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      return std::to_string(constant.ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL:
      return constant.fval->fval;
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
      return constant.boolval->boolval ? "true" : "false";
    case PG_QUERY__A__CONST__VAL_SVAL:
      return quote_literal(constant.sval->sval, Dialect::postgres);
    default:
      return std::nullopt;
  }
}

// What most defaults are, as the deparser writes it: it needs a statement around it, and the parser's memory.
std::optional<std::string> simple_text(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_A_CONST) return constant_text(*node.a_const);
  if (node.node_case != PG_QUERY__NODE__NODE_FUNC_CALL) return std::nullopt;
  const PgQuery__FuncCall& call = *node.func_call;
  const bool is_plain = call.n_funcname == 1 && call.n_args == 0 && call.n_agg_order == 0 && !call.agg_filter &&
                        !call.over && !call.agg_star && !call.agg_distinct && !call.agg_within_group;
  if (!is_plain) return std::nullopt;
  const std::string name(string_value(call.funcname[0]));
  return quote_where_needed(name) == name ? std::optional(name + "()") : std::nullopt;
}

}  // namespace

const Node* statement_node(const PgQuery__ParseResult& tree) {
  return tree.n_stmts == 0 ? nullptr : tree.stmts[0]->stmt;
}

std::string_view string_value(const Node* node) {
  if (!node || node->node_case != PG_QUERY__NODE__NODE_STRING) return "";
  return node->string->sval;
}

std::vector<std::string> string_values(std::size_t count, Node* const* items) {
  std::vector<std::string> values;
  values.reserve(count);
  for (const Node* each : list(count, items)) values.emplace_back(string_value(each));
  return values;
}

std::string QualifiedName::text() const {
  return schema.empty() ? quote_where_needed(name) : quote_where_needed(schema) + "." + quote_where_needed(name);
}

QualifiedName qualified_name(const PgQuery__RangeVar& range) {
  if (range.relpersistence && range.relpersistence[0] == 't' && !*range.schemaname) return {"pg_temp", range.relname};
  return {range.schemaname, range.relname};
}

QualifiedName qualified_name(std::size_t count, Node* const* parts) {
  if (count == 0) return {};
  return {count > 1 ? std::string(string_value(parts[count - 2])) : "", std::string(string_value(parts[count - 1]))};
}

std::string deparse_statement(const Node& statement) {
  PgQuery__RawStmt raw = PG_QUERY__RAW_STMT__INIT;
  raw.stmt = const_cast<Node*>(&statement);
  PgQuery__RawStmt* statements[] = {&raw};
  PgQuery__ParseResult tree = PG_QUERY__PARSE_RESULT__INIT;
  tree.n_stmts = 1;
  tree.stmts = statements;
  return deparse(tree);
}

std::string deparse_expression(const Node& expression) {
  if (std::optional<std::string> text = simple_text(expression)) return std::move(*text);
  PgQuery__ResTarget target = PG_QUERY__RES_TARGET__INIT;
  target.val = const_cast<Node*>(&expression);
  Node target_node = PG_QUERY__NODE__INIT;
  target_node.node_case = PG_QUERY__NODE__NODE_RES_TARGET;
  target_node.res_target = &target;
  Node* targets[] = {&target_node};
  PgQuery__SelectStmt select = PG_QUERY__SELECT_STMT__INIT;
  select.n_target_list = 1;
  select.target_list = targets;
  select.limit_option = PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_DEFAULT;
  select.op = PG_QUERY__SET_OPERATION__SETOP_NONE;
  Node statement = PG_QUERY__NODE__INIT;
  statement.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
  statement.select_stmt = &select;
  constexpr std::string_view kPrefix = "SELECT ";
  std::string text = deparse_statement(statement);
  return text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : "";
}

}  // namespace martlet
