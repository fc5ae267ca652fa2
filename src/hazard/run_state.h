// Keeps what has happened so far in a file and a run up to date.
#pragma once

#include "hazard/hazard.h"

namespace martlet {

/// A new transaction begins, or what ran outside one is over.
void forget_transaction(RunState& state);

/// The next file, or the next part of one, begins.
void forget_file(RunState& state);

/// What the statement did. `mark`: the catalog's before it; `session`: after it.
void take_note(RunState& state, const Statement& statement, const Node* node, const Effects& effects,
               const Catalog& catalog, const CatalogMark& mark, const SessionState& session);

/// What a statement means for RunState::empty_tables and made_tables; names are "" where there is nothing.
struct EmptyTables {
  std::string no_more;
  std::string now;
  std::string made;
};
/// `database`: as it is before the statement.
EmptyTables empty_tables(const RunState& state, const Statement& statement, Connection& database);
/// After the statement, where it did not fail.
void take_note(RunState& state, const EmptyTables& changed);

}  // namespace martlet
