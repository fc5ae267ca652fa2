// `-- martlet:batch`: which statement it stands before, and what that becomes.
#pragma once

#include <functional>

#include "effects/session_state.h"
#include "run/script.h"
#include "schema/catalog.h"
#include "sql/nodes.h"

namespace martlet {

/// Gives the statements of a script the wishes that stand before them in its (filled in) text. Throws Error{validation}
/// with the directive's place where it stands before none, within one, twice, or before what cannot be batched, and for
/// SQLite.
void attach_batch_wishes(const SourceText& source, Dialect dialect, Script& script);

/// Turns wishes into changes, by executing scripts on a model of the catalog, each where the one before it ended.
class BatchResolver {
 public:
  /// PostgreSQL. Reads the catalog.
  explicit BatchResolver(Connection& connection);

  /// Sets the changes of the script's wishes that have none, apart from those of statements (by index) that `skip`
  /// says. Throws Error{validation} with the directive's place and the reason where a statement cannot be batched.
  void resolve(Script& script, const std::function<bool(std::size_t)>& skip = {});

 private:
  void resolve(ScriptStatement& at, const Node& node, const CatalogMark& mark, const SessionState& before);

  Catalog catalog_;
  SessionState session_;
};

/// True where a statement of the script is to run in batches.
bool has_batches(const Script& script);

}  // namespace martlet
