// What a query reads: which relations it locks, which heaps it goes through from end to end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "effects/execution.h"

namespace martlet {

/// Something in a FROM list.
struct FromItem {
  ObjectId relation = 0;    // 0: a subquery, a CTE or a function, whose columns are not looked at
  std::string name;         // its alias, or the relation's name
  bool is_target = false;   // of UPDATE, DELETE, MERGE: locked by the caller
  bool restricted = false;  // an index leads to the rows that are wanted
};

/// One query and its parts. Constructed for a statement; the same for all its subqueries, which see its CTEs.
class QueryReader {
 public:
  explicit QueryReader(Execution& in_execution) : execution(in_execution) {}

  Execution& execution;
  /// false: it is only analysed or planned (EXPLAIN, PREPARE, CREATE VIEW), so that nothing is scanned or changed.
  bool runs = true;
  /// Every relation that is read, with its columns where they are known: what a view depends on.
  std::vector<ColumnUse> uses;

  void select(const PgQuery__SelectStmt& statement);
  /// A SELECT, VALUES, INSERT, UPDATE, DELETE or MERGE node.
  void query(const Node& node);
  /// The CTEs; they are seen until `forget` is called with what this returns.
  std::size_t with(const PgQuery__WithClause* clause);
  void forget(std::size_t ctes) { ctes_.resize(ctes); }

  /// Adds what a FROM item names to the sources, and its inner join conditions to the conditions.
  void from(const Node& item, std::vector<FromItem>& sources, std::vector<const Node*>& conditions);
  /// Subqueries in an expression.
  void expression(const Node& node);
  void expressions(std::size_t count, Node* const* nodes);
  /// Fails with 42703 where a column is in none of the sources, as far as they are known; remembers the uses.
  void columns(const Node& node, const std::vector<FromItem>& sources);
  /// ORDER BY, LIMIT, min() and max() that an index answers.
  bool is_answered_in_order(const PgQuery__SelectStmt& statement, const FromItem& item) const;
  /// Decides from the conditions (joined by AND) which sources are read through an index, and scans the others.
  void scan(std::vector<FromItem>& sources, const std::vector<const Node*>& conditions);

  /// Reads a relation: views are followed to their tables.
  void read_relation(ObjectId relation, bool scans);
  /// Sequences that nextval() and setval() in it change.
  void lock_sequences(const PgQuery__FuncCall& call);

 private:
  void from_relation(const PgQuery__RangeVar& range, std::vector<FromItem>& sources);
  void lock_rows(const PgQuery__SelectStmt& statement, const std::vector<FromItem>& sources);
  bool is_cte(const PgQuery__RangeVar& range) const;
  void column(const PgQuery__ColumnRef& column, const std::vector<FromItem>& sources);
  void star(std::string_view of, const std::vector<FromItem>& sources);

  std::vector<std::string> ctes_;
  int depth_ = 0;  // of subqueries: inside one, a column may be the outer query's
};

/// How an index may serve a condition on a source.
enum class Restriction { none, joined, constant };
Restriction restriction(const Catalog& catalog, const Node& condition, const FromItem& source,
                        const std::vector<FromItem>& sources);

/// Is it the first of a whole, valid btree index of the table that the planner would use?
bool is_leading_column(const Catalog& catalog, const Relation& table, int column);

/// Which relation of the sources a column belongs to: nullptr where it cannot be told.
const FromItem* source_of(const Catalog& catalog, const PgQuery__ColumnRef& column,
                          const std::vector<FromItem>& sources);

/// Columns of a query's result, for what is created from it. `all_known` becomes false where some cannot be told.
std::vector<Column> result_columns(QueryReader& reader, const PgQuery__SelectStmt& statement, bool& all_known);

}  // namespace martlet
