// A statement being executed on the model: what it locks, reads and writes is told here, what it changes is changed in
// the catalog. Written once for each kind of statement, in the order in which the server does it.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "effects/effects.h"
#include "effects/session_state.h"
#include "schema/catalog.h"
#include "sql/nodes.h"
#include "sql/statement.h"

namespace martlet {

/// The statement would fail: ends its execution on the model, whose changes are then taken back.
struct StatementError {
  std::string sqlstate, message;
};

class Execution {
 public:
  Execution(Catalog& catalog, SessionState& session, const Statement& statement, Effects& effects);

  Catalog& catalog;
  SessionState& session;
  const Statement& statement;
  /// Within the body of a routine, whose variables look like columns.
  bool in_body = false;

  // What is told of relations that the statement itself made is not kept: nobody else sees them yet.
  void lock(ObjectId relation, LockMode mode);
  void scan(ObjectId relation);
  /// Writes a heap anew: with its scan, and all its indexes (and its TOAST table) rebuilt and locked.
  void rewrite(ObjectId relation);
  /// Builds an index anew.
  void rebuild(ObjectId index);
  /// Gives the relation a new file and nothing else: a sequence, a move to another tablespace. Locks nothing.
  void new_file(ObjectId relation);

  /// Would fail with this error.
  [[noreturn]] void fail(std::string sqlstate, std::string message) const;
  /// The statement may not run in a transaction block; fails with 25001 where one is open.
  void refuse_in_transaction(std::string_view what);
  /// What was taken for granted for want of a database.
  void assume(std::string text);
  /// The answer is not the whole truth.
  void not_known(std::string reason);

  /// The relation of this name by the search path. In a complete catalog a missing one fails with 42P01; otherwise it
  /// is assumed: a table (or what `kind` says) of unknown size and columns is added to the catalog.
  const Relation& relation(const QualifiedName& name, RelationKind kind = RelationKind::table);
  /// nullptr where there is none.
  const Relation* find_relation(const QualifiedName& name) const;
  /// The schema in which an unqualified new object is created.
  std::string creation_schema(const QualifiedName& name) const;
  /// Was it made by this very statement?
  bool is_new(ObjectId relation) const;

 private:
  RelationEffect* effect(ObjectId relation);

  Effects& effects_;
  CatalogMark begin_;
  std::unordered_map<ObjectId, std::size_t> index_;
};

/// Executes a node within another statement's execution: the body of DO, EXPLAIN ANALYZE, CREATE SCHEMA's elements, …
void execute_node(Execution& execution, const Node& node);

}  // namespace martlet
