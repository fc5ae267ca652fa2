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
  repeatable,  // VACUUM, ALTER SYSTEM, ANALYZE-like, CHECKPOINT, DISCARD ALL, PRAGMA …: running it again is harmless
  once,        // CREATE / DROP DATABASE, TABLESPACE, SUBSCRIPTION …: a person must look whether it happened
};

struct Transactionality {
  NonTransactional kind = NonTransactional::none;
  std::string
      object;  // as written, schema included: the index for *_index_concurrently (empty when the server names it)
  std::string table;   // the table of an index, the parent of a partition
  std::string reason;  // for people: "CREATE INDEX CONCURRENTLY cannot run inside a transaction block"
  bool transactional() const { return kind == NonTransactional::none; }
};

/// Source: PostgreSQL 15, PreventInTransactionBlock callers; SQLite: VACUUM, ATTACH, DETACH, PRAGMA foreign_keys /
/// journal_mode.
Transactionality transactionality(const Statement& statement, Dialect dialect);

}  // namespace martlet
