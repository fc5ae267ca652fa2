// Statement + catalog + session → effects, and the catalog afterwards.
#pragma once

#include "effects/effects.h"
#include "effects/session_state.h"
#include "schema/catalog.h"
#include "sql/statement.h"
#include "sql/tree.h"

namespace martlet {

/// Executes the statement on the model: the answer, and catalog and session as they are after it. Where it would fail,
/// the catalog is as it was. A tree that was not analysed, or of a kind nobody knows, gives known = false.
[[nodiscard]] Effects execute(const Statement& statement, const Tree& tree, Catalog& catalog, SessionState& session);

}  // namespace martlet
