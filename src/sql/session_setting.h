// Statements that set something for the rest of the session.
#pragma once

#include "sql/statement.h"

namespace martlet {

/// SET, RESET and `SELECT set_config(…)`, which pg_dump writes, where they outlast the transaction: not SET LOCAL, SET
/// TRANSACTION, SET CONSTRAINTS, nor set_config(…, true). By the first words, and the arguments of set_config. What
/// runs statement by statement runs these outside of its transactions, and again when it is resumed on another session.
bool sets_session(const Statement& statement, Dialect dialect);

}  // namespace martlet
