#include "sql/nodes.h"

#include <pg_query.h>

#include <cstdlib>
#include <memory>

#include "sql/lexer.h"
#include "sql/statement.h"

namespace martlet {
namespace {

std::string deparse(PgQuery__ParseResult& tree) {
  std::vector<std::uint8_t> bytes(pg_query__parse_result__get_packed_size(&tree));
  pg_query__parse_result__pack(&tree, bytes.data());
  PgQueryProtobuf packed{.len = bytes.size(), .data = reinterpret_cast<char*>(bytes.data())};
  PgQueryDeparseResult result = pg_query_deparse_protobuf(packed);
  std::string text = result.error || !result.query ? "" : result.query;
  pg_query_free_deparse_result(result);
  return text;
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
