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

/// Rows of a table are changed: ROW EXCLUSIVE on it, its partitions and their indexes, or what stands behind a view or
/// rule; triggers and foreign keys do their part. `updated` are the columns of an UPDATE.
void change_rows(Execution& execution, ObjectId table, RowChange change, const std::vector<int>& updated = {});
/// Only what the server has locked before it knows that there is a row at all.
void lock_target(Execution& execution, ObjectId table, RowChange change);
/// The heaps that are gone through to find the rows of a table.
void scan_target(Execution& execution, ObjectId table);
/// Does a rule make the statement do nothing, or something else (which is not followed)?
bool is_ruled_out(Execution& execution, ObjectId table, RowChange change);

}  // namespace martlet
