// What a query reads: which relations it locks, which heaps it goes through from end to end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "effects/execution.h"

namespace martlet {

/// With partitions and inheriting tables, or ONLY the named one.
enum class Children { with, without };

/// Something in a FROM list.
struct FromItem {
  ObjectId relation = 0;   // 0: a subquery, a CTE or a function, whose columns are not looked at
  std::string name;        // its alias, or the relation's name
  bool is_target = false;  // of UPDATE, DELETE, MERGE: locked by the caller
  Children children = Children::with;
  bool restricted = false;          // an index leads to the rows that are wanted
  std::vector<std::string> merged;  // columns that USING makes one with those to its left; "*": NATURAL
};

/// How far a query gets.
enum class Until {
  analysed,   // CREATE VIEW, CREATE RULE, policies, bodies of functions
  rewritten,  // PREPARE: views are looked through, rules are applied
  planned,    // EXPLAIN, DECLARE CURSOR
  executed,
};

/// What is read of a relation.
enum class QueryReading { nothing, by_index, whole };

/// One query and its parts. Constructed for a statement; the same for all its subqueries, which see its CTEs.
class QueryReader {
 public:
  explicit QueryReader(Execution& in_execution) : execution(in_execution) {}

  Execution& execution;
  Until until = Until::executed;
  /// Is anything scanned or changed?
  bool runs() const { return until == Until::executed; }
  /// It is an item of WITH that changes rows.
  bool in_with = false;
  /// Every column that is read, as far as they are known.
  std::vector<ColumnUse> uses;
  /// The relations that are named, each once.
  std::vector<ObjectId> named;

  /// What a view or policy with the query depends on: the columns it reads, and the relations of which it reads none.
  std::vector<ColumnUse> dependencies() const;

  void select(const PgQuery__SelectStmt& statement);
  /// A SELECT, VALUES, INSERT, UPDATE, DELETE or MERGE node.
  void query(const Node& node);
  /// The same within another, whose columns it may name: a rule's OLD and NEW.
  void nested_query(const Node& node);
  /// The CTEs; they are seen until `forget` is called with what this returns.
  std::size_t with(const PgQuery__WithClause* clause);
  void forget(std::size_t ctes) { ctes_.resize(ctes); }

  /// Remembers that columns of the relation are read or written.
  void use(ObjectId relation, const std::vector<int>& columns);
  /// Adds what a FROM item names to the sources, and its inner join conditions to the conditions.
  void from(const Node& item, std::vector<FromItem>& sources, std::vector<const Node*>& conditions);
  /// Subqueries in an expression.
  void expression(const Node& node);
  void expressions(std::size_t count, Node* const* nodes);
  /// Fails with 42703 where a column is in none of the sources, as far as they are known; remembers the uses.
  void columns(const Node& node, const std::vector<FromItem>& sources);
  /// ORDER BY, LIMIT, min() and max() that an index answers.
  bool is_answered_in_order(const PgQuery__SelectStmt& statement, const FromItem& item) const;
  /// Decides from the conditions (joined by AND) which sources are read through an index, and scans the others;
  /// `nothing`: no rows are wanted at all.
  void scan(std::vector<FromItem>& sources, const std::vector<const Node*>& conditions, bool nothing);

  /// Reads a relation: views are followed to their tables. Fails with 55000 for a materialized view without rows.
  void read_relation(ObjectId relation, QueryReading reading, Children children = Children::with);
  /// nextval() or setval() of the sequence of this name, as SQL writes it. Fails with 42809 where it is none.
  void draw_from(const std::string& sequence);
  /// Functions that do more than give a value: nextval(), setval(), set_config().
  void call(const PgQuery__FuncCall& call);

 private:
  void from_relation(const PgQuery__RangeVar& range, std::vector<FromItem>& sources);
  void lock_rows(const PgQuery__SelectStmt& statement, const std::vector<FromItem>& sources);
  bool is_cte(const PgQuery__RangeVar& range) const;
  /// Reads the only relation of a query with a LIMIT that ends early. False: there is none.
  bool read_limited(const PgQuery__SelectStmt& statement, const FromItem& source);
  void require_unambiguous(std::string_view name, const std::vector<FromItem>& sources) const;
  void column(const PgQuery__ColumnRef& column, const std::vector<FromItem>& sources);
  void star(std::string_view of, const std::vector<FromItem>& sources);

  std::vector<std::string> ctes_;
  int depth_ = 0;  // of subqueries: inside one, a column may be the outer query's
};

/// AND-joined conditions, apart.
void split_conditions(const Node* condition, std::vector<const Node*>& all);
/// Is the condition false or NULL for every row, as the planner sees at once?
bool is_never_true(const Node& condition);
/// Does a WHERE clause (nullptr = none) want no rows, as is known before any is read?
bool wants_nothing(const Execution& execution, const Node* where);
/// Does a query give no rows whatever there is to read: WHERE false, LIMIT 0?
bool gives_no_rows(const PgQuery__SelectStmt& query);

/// How an index may serve a condition on a source.
enum class Restriction { none, joined, constant };
Restriction restriction(const Catalog& catalog, const Node& condition, const FromItem& source,
                        const std::vector<FromItem>& sources);

/// Is it the first of a whole, valid btree index of the table that the planner would use?
bool is_leading_column(const Catalog& catalog, const Relation& table, int column);

/// Is the table large enough for the planner to prefer an index to reading it all?
bool is_worth_an_index(const Relation& table);

/// Which relation of the sources a column belongs to: nullptr where it cannot be told.
const FromItem* source_of(const Catalog& catalog, const PgQuery__ColumnRef& column,
                          const std::vector<FromItem>& sources);

/// Columns of a query's result, for what is created from it. `all_known` becomes false where some cannot be told.
std::vector<Column> result_columns(QueryReader& reader, const PgQuery__SelectStmt& statement, bool& all_known);

}  // namespace martlet
