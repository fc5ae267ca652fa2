// INSERT, UPDATE, DELETE and MERGE, as statements and within WITH.
#pragma once

#include "effects/query/reader.h"

namespace martlet {

void insert_rows(QueryReader& reader, const PgQuery__InsertStmt& statement);
void update_rows(QueryReader& reader, const PgQuery__UpdateStmt& statement);
void delete_rows(QueryReader& reader, const PgQuery__DeleteStmt& statement);
void merge_rows(QueryReader& reader, const PgQuery__MergeStmt& statement);

/// What is done to rows.
enum class RowChange { insert, update, remove };

/// Where the rows of a statement's target are.
struct ChangedRelation {
  ObjectId relation = 0;     // a table, foreign or partitioned too; 0: rules or INSTEAD OF triggers do it all
  std::vector<int> columns;  // that are written, of `relation`
};
/// Follows views to their tables and runs the rules on the way; locks each ROW EXCLUSIVE. Fails as the server does for
/// what has no rows, and for views that cannot be changed. `returning`: the statement gives rows back.
ChangedRelation changed_relation(QueryReader& reader, ObjectId named, RowChange change, std::vector<int> columns,
                                 bool returning);

/// Columns that are written, as numbers. Fails with 42703 for one that is not there, with 42701 for one named twice.
std::vector<int> written_columns(Execution& execution, ObjectId table, std::size_t count, Node* const* targets);

/// What the planner of an UPDATE, DELETE or MERGE locks ROW EXCLUSIVE: the tables and their indexes.
void lock_target(Execution& execution, ObjectId table, Children children);
/// The heaps that are gone through to find the rows of a table.
void scan_target(Execution& execution, ObjectId table, Children children);
/// What follows where rows of a table are changed: triggers run, foreign keys are looked after. `updated` are the
/// columns of an UPDATE; none = all.
void change_rows(Execution& execution, ObjectId table, RowChange change, const std::vector<int>& updated = {});

}  // namespace martlet
