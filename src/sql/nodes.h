// The parser's typed nodes, and small helpers to read them. The only header through which other rooms see libpg_query.
#pragma once

#include <pg_query/pg_query.pb-c.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace martlet {

using Node = PgQuery__Node;

/// A node's list as a range: `for (const Node* each : list(stmt.n_cmds, stmt.cmds))`.
template <class T>
std::span<T* const> list(std::size_t count, T* const* items) {
  return {items, count};
}

/// The one statement of a tree, or nullptr where there is none.
const Node* statement_node(const PgQuery__ParseResult& tree);

/// The text of a String node; "" for any other.
std::string_view string_value(const Node* node);
/// The strings of a list of String nodes: a qualified name, column names.
std::vector<std::string> string_values(std::size_t count, Node* const* items);

/// A name with its schema; schema "" = as the search path finds it.
struct QualifiedName {
  std::string schema;
  std::string name;
  bool operator==(const QualifiedName&) const = default;
  /// `schema.name` or `name`, quoted only where needed.
  std::string text() const;
};
QualifiedName qualified_name(const PgQuery__RangeVar& range);
/// The last two parts of a list of String nodes.
QualifiedName qualified_name(std::size_t count, Node* const* parts);

/// SQL text of an expression node, by PostgreSQL's own deparser. "" where it cannot be deparsed.
std::string deparse_expression(const Node& expression);
/// SQL text of a statement node.
std::string deparse_statement(const Node& statement);

}  // namespace martlet
