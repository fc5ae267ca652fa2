// May a statement run inside a transaction block?
#pragma once

#include <string>

#include "sql/statement.h"

namespace martlet {

/// Statements that PostgreSQL / SQLite refuse in a transaction block, by what a crash in their middle may leave behind.
/// `id` names the step executor that knows how to go on afterwards (see step/step.h).
enum class NonTransactional {
  none,  // runs in a transaction
  create_index_concurrently,
  drop_index_concurrently,
  reindex_concurrently,
  detach_partition_concurrently,
  repeatable,  // VACUUM, ALTER SYSTEM, DISCARD ALL, PRAGMA …: running it again is harmless
  batched,     // a change of rows in committed batches, because the file says so (`-- martlet:batch`) or the planner
  once,        // CREATE / DROP DATABASE, TABLESPACE, SUBSCRIPTION …: a person must look whether it happened
};

struct Transactionality {
  NonTransactional kind = NonTransactional::none;
  /// As written, schema included: the index of *_index_concurrently (empty where the server names it) and of REINDEX
  /// INDEX, the partition that is detached, the database, subscription, pragma, …
  std::string object;
  std::string table;   // the table of CREATE INDEX and REINDEX TABLE, the parent of a partition
  std::string reason;  // for people: "CREATE INDEX CONCURRENTLY cannot run inside a transaction block"
  bool transactional() const { return kind == NonTransactional::none; }
};

/// Read from the statement's first words, so it knows statements that are newer than the grammar. Source: PostgreSQL
/// 15, callers of PreventInTransactionBlock; SQLite 3.40: VACUUM, DETACH, PRAGMA foreign_keys / journal_mode /
/// synchronous / temp_store / wal_checkpoint. Where only the catalog can tell (REINDEX or CLUSTER of a partitioned
/// table, CALL of a procedure that commits) it says none, and the server refuses with 25001 or 2D000; DROP SUBSCRIPTION
/// is taken to have a replication slot.
Transactionality transactionality(const Statement& statement, Dialect dialect);

}  // namespace martlet
